import type { CreditGrant, Discount } from '#billing/contract'
import type { Instant } from '#kernel/time'
import type { InvoiceStatus } from '../stripe/views.ts'

/** An invoice as collecting, refunding and showing a payment problem see it. Amounts in minor units. */
export type Collection = {
  readonly id: string
  readonly status: InvoiceStatus
  readonly customerId: string
  readonly subscriptionId: string | null
  readonly billingReason: string | null
  readonly number: string | null
  readonly currency: string
  readonly totalMinor: bigint
  readonly remainingMinor: bigint
  /** What credit notes have taken off already, before and after it was paid. */
  readonly creditedMinor: bigint
  /** Stripe has tried to collect it. */
  readonly attempted: boolean
  /** The bank wants its customer to confirm the payment. False unless `getCollection` read it. */
  readonly needsAuthentication: boolean
  readonly hostedUrl: string | null
}

export interface CollectionStripe {
  getCollection(id: string): Promise<Collection>
  /** Open invoices that Stripe has tried to collect, newest first; at most 1,000. */
  listUnpaid(): Promise<readonly Collection[]>
  /**
   * Invoices that were paid, voided or written off since then, by Stripe's event log: one read however many are
   * watched. At most 1,000 events.
   */
  listSettledSince(since: Instant): Promise<readonly string[]>
}

export interface CreditStripe {
  /** Grants of a customer with what is left of each, newest first. */
  listCredits(
    customerId: string,
    now: Instant,
  ): Promise<readonly (CreditGrant & { readonly requestKey: string | null })[]>
  /** Repetitions with equal arguments give the same grant. */
  grantCredit(of: {
    readonly customerId: string
    readonly currency: string
    readonly amountMinor: bigint
    readonly reason: string
    readonly expiresAt: Instant | null
    readonly requestKey: string
  }): Promise<string>
  /** Only a grant of which nothing was used; throws `StripeRefused` otherwise. */
  voidCredit(grantId: string): Promise<void>
  /** Ends what is left of it. */
  expireCredit(grantId: string): Promise<void>
}

export type CouponTerms = {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly percentOff: number | null
  readonly amountOffMinor: bigint | null
  readonly duration: 'once' | 'repeating' | 'forever'
  readonly months: number | null
}

export interface CouponStripe {
  listDiscounts(subscriptionId: string): Promise<readonly (Discount & { readonly couponId: string })[]>
  /** Makes the coupon if it is not there: its id is ours. */
  ensureCoupon(terms: CouponTerms): Promise<void>
  /** Replaces the discounts of a subscription by these, named by discount (kept) or coupon (new). */
  setDiscounts(
    subscriptionId: string,
    discounts: readonly ({ readonly discount: string } | { readonly coupon: string })[],
  ): Promise<void>
}

export type Refundable = { readonly cardMinor: bigint; readonly otherMinor: bigint }

export type CreditNoteView = {
  readonly id: string
  readonly refundMinor: bigint
  readonly toBalanceMinor: bigint
  readonly reducedMinor: bigint
}

export interface RefundStripe {
  /** What was paid for an invoice and not given back yet: by the card, and in other ways (balance, outside Stripe). */
  readRefundable(invoiceId: string): Promise<Refundable>
  /** The credit note that a request of ours made, and what became of its amount. */
  findCreditNote(invoiceId: string, requestKey: string): Promise<CreditNoteView | undefined>
  /** Repetitions with equal arguments give the same note. Throws `StripeRefused` with Stripe's reason. */
  createCreditNote(of: {
    readonly invoiceId: string
    readonly amountMinor: bigint
    readonly refundMinor: bigint
    readonly toBalanceMinor: bigint
    readonly reason: string
    readonly requestKey: string
  }): Promise<string>
}

/** A dispute: a cardholder asked the bank for the money back. */
export type DisputeView = {
  readonly id: string
  readonly chargeId: string
  readonly customerId: string | null
  readonly invoiceId: string | null
  /** Stripe's word: `fraudulent`, `product_not_received`, … */
  readonly reason: string
  /** `inquiry`: the bank asks, no money was taken. */
  readonly status: 'inquiry' | 'open' | 'won' | 'lost'
}

export interface DisputeStripe {
  getDispute(id: string): Promise<DisputeView>
}

/** A charge as far as its refunds go. */
export type ChargeView = {
  readonly id: string
  readonly customerId: string | null
  readonly currency: string
  readonly refundedMinor: bigint
}

export interface ChargeStripe {
  getCharge(id: string): Promise<ChargeView>
}

export type PaymentStripe = CollectionStripe &
  CreditStripe &
  CouponStripe &
  RefundStripe &
  DisputeStripe &
  ChargeStripe
