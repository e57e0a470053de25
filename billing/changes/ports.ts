import { HOUR_MS, type Instant, plusMs } from '#kernel/time'
import type { ScheduleView, SubscriptionView } from '../stripe/views.ts'

/** Stripe, as plan changes need it beside reading and cancelling a subscription. */
export interface ChangeStripe {
  /** A coupon that takes an amount off one invoice, once; one with this id is left as it is. */
  ensureCredit(credit: CreditRequest): Promise<void>
  /** A subscription whose first invoice is open (`default_incomplete`); repeated with the same claim it is the same one. */
  createSubscription(request: SubscriptionRequest): Promise<SubscriptionView>
  /** Tries the saved card on an open invoice. Paid already counts as paid. */
  payInvoice(invoiceId: string): Promise<Payment>
  getSchedule(id: string): Promise<ScheduleView>
  /** From the end of the running period on the subscription has these prices; replaces what was scheduled before. */
  changeAtPeriodEnd(subscriptionId: string, to: ScheduledPlan): Promise<void>
  /** The subscription ends with its period; replaces what was scheduled before. */
  cancelAtPeriodEnd(subscriptionId: string): Promise<void>
  /** Nothing happens at the end of the period but its renewal. */
  clearScheduled(subscriptionId: string): Promise<void>
  /** Those of a customer that have not ended, newest first. */
  listSubscriptions(of: { readonly customerId: string }): Promise<readonly SubscriptionView[]>
  /** Subscriptions that were made, changed or ended since then; each once. At most those of the newest hundred events. */
  listChanged(since: Instant): Promise<readonly string[]>
  /** Ends it without a final invoice: nobody used it. */
  cancelUnused(subscriptionId: string): Promise<void>
  /** Gives back every payment of a subscription's invoices, once. */
  refundSubscription(subscriptionId: string): Promise<void>
}

export type CreditRequest = {
  readonly couponId: string
  readonly amountMinor: bigint
  readonly currency: string
  /** On the invoice. */
  readonly name: string
}
export type SubscriptionRequest = {
  readonly accountId: string
  readonly customerId: string
  readonly planVersionId: string
  readonly flatPriceId: string
  readonly meteredPriceId: string
  /** The card; null: the customer's default. */
  readonly paymentMethodId: string | null
  /** In the order in which they are taken off. */
  readonly couponIds: readonly string[]
  /** Stripe computes tax on its invoices. Absent: it does not. */
  readonly automaticTax?: boolean
  /** Names the plan change, in the idempotency key and in the subscription's metadata. */
  readonly claim: string
}
export type ScheduledPlan = {
  readonly planVersionId: string
  readonly flatPriceId: string
  readonly meteredPriceId: string
}
/** `confirm`: the cardholder has to act on Stripe's page. `reason` is the bank's, in words for the customer. */
export type Payment =
  | { readonly kind: 'paid' }
  | { readonly kind: 'confirm'; readonly url: string }
  | { readonly kind: 'declined'; readonly reason: string }

/** An hour before the end of a period its renewal is settled: nothing is undone, and no other plan begins. */
export const settledAt = (end: Instant): Instant => plusMs(end, -HOUR_MS)
