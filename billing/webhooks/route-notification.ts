import type { Account } from '../domain/records.ts'
import type { InvoiceView, SubscriptionView } from '../stripe/views.ts'

/** Which object a notification makes us look at. Everything else is left alone. */
export type Interest = 'invoice_to_close' | 'paid_invoice' | 'checkout_session' | 'subscription'

const INTERESTS: Readonly<Record<string, Interest>> = {
  'invoice.created': 'invoice_to_close',
  'invoice.paid': 'paid_invoice',
  'checkout.session.completed': 'checkout_session',
  'customer.subscription.created': 'subscription',
  'customer.subscription.updated': 'subscription',
}

export const interestOf = (type: string): Interest | undefined =>
  Object.hasOwn(INTERESTS, type) ? INTERESTS[type] : undefined

export type Decision =
  | { readonly kind: 'close_invoice'; readonly accountId: string; readonly invoiceId: string }
  | {
      readonly kind: 'change_plan'
      readonly accountId: string
      readonly subscriptionId: string
      readonly planVersionId: string
    }
  | { readonly kind: 'note_usage_paid'; readonly accountId: string }
  | { readonly kind: 'nothing'; readonly because: string }

/**
 * A draft that bills usage of ours is closed. Usage shows as a line of one of our metered prices; Stripe may leave
 * lines of amount zero out, so an invoice of a cycle counts as one, too.
 */
export function routeDraft(
  invoice: InvoiceView,
  accountId: string | undefined,
  meteredPriceIds: ReadonlySet<string>,
): Decision {
  if (accountId === undefined) return nothing('not a customer of ours')
  if (invoice.status !== 'draft') return nothing(`the invoice is ${invoice.status}`)
  if (!billsUsage(invoice, meteredPriceIds)) return nothing('the invoice bills no usage')
  return { kind: 'close_invoice', accountId, invoiceId: invoice.id }
}

/** The first paid invoice with usage on it lifts a new payer's default cap. */
export function routePaid(
  invoice: InvoiceView,
  account: Pick<Account, 'accountId' | 'usageInvoicePaidAt'> | undefined,
  meteredPriceIds: ReadonlySet<string>,
): Decision {
  if (!account) return nothing('not a customer of ours')
  if (invoice.status !== 'paid') return nothing(`the invoice is ${invoice.status}`)
  if (!billsUsage(invoice, meteredPriceIds)) return nothing('the invoice bills no usage')
  if (account.usageInvoicePaidAt !== undefined) return nothing('usage was paid before')
  return { kind: 'note_usage_paid', accountId: account.accountId }
}

const billsUsage = (invoice: InvoiceView, meteredPriceIds: ReadonlySet<string>): boolean =>
  invoice.subscriptionId !== null &&
  invoice.billingReason !== 'subscription_create' &&
  (invoice.billingReason === 'subscription_cycle' ||
    invoice.lines.some(({ priceId }) => priceId !== null && meteredPriceIds.has(priceId)))

/** An active subscription of ours that its account does not have yet is switched on. */
export function routeSubscription(
  subscription: SubscriptionView,
  account: Pick<Account, 'accountId' | 'subscriptionId'> | undefined,
): Decision {
  const { id, accountId, planVersionId, status } = subscription
  if (!accountId || !planVersionId) return nothing('not a subscription of ours')
  if (!account || account.accountId !== accountId) return nothing('not an account of ours')
  if (status !== 'active') return nothing(`the subscription is ${status}`)
  if (account.subscriptionId === id) return nothing('the subscription is switched on')
  if (account.subscriptionId !== null) return nothing('the account has another subscription')
  return { kind: 'change_plan', accountId, subscriptionId: id, planVersionId }
}

const nothing = (because: string): Decision => ({ kind: 'nothing', because })
