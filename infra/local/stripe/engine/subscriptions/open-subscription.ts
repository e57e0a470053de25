import { nextBoundary } from '../calendar.ts'
import { checkCoupon, redeemCoupon } from '../coupons/redeem-coupon.ts'
import { couponOf } from '../coupons/update-coupon.ts'
import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { subscriptionLines } from '../invoices/build-lines.ts'
import { pendingItems, takePending } from '../invoices/create-invoice.ts'
import { draftInvoice } from '../invoices/draft-invoice.ts'
import { finalizeInvoice } from '../invoices/finalize-invoice.ts'
import { checkTaxLocation } from '../tax/apply-tax.ts'
import type { Customer, Invoice, Subscription } from '../wire.ts'
import { emptySubscription, type OpenSubscription } from './empty-subscription.ts'
import { expireWhenIncomplete } from './expire-incomplete.ts'
import { checkPrices, intervalOf, newItem } from './item.ts'
import { scheduleRenewal } from './renew-subscription.ts'

/**
 * Starts a subscription now, in flexible billing mode. Flat prices make a first invoice, finalized at once and not yet
 * paid; metered prices alone make none and the subscription is active at once.
 */
export function openSubscription(
  engine: Engine,
  open: OpenSubscription,
): { subscription: Subscription; invoice: Invoice | null } {
  const prices = checkPrices(engine, open.items, open.itemsParam)
  const currency = prices[0]?.currency ?? 'usd'
  const sticky = open.customer.currency ?? currency
  if (sticky !== currency) {
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer already pays in ${sticky}.`,
      { param: 'currency' },
    )
  }
  open.coupons.forEach((id, index) => {
    checkCoupon(engine, id, currency, `discounts[${index}][coupon]`)
  })
  checkTaxLocation(open.customer, open.automaticTax ?? false)
  const subscription = emptySubscription(engine, open, currency)
  const first = prices[0]
  const period = {
    start: subscription.start_date,
    end:
      first === undefined
        ? subscription.start_date
        : nextBoundary(subscription.start_date, intervalOf(first), subscription.start_date),
  }
  subscription.items.data = open.items.flatMap((item, index) => {
    const price = prices[index]
    return price === undefined ? [] : [newItem(engine, subscription.id, item, price, period)]
  })
  subscription.discounts = open.coupons.map(
    id => redeemCoupon(engine, id, open.customer.id, subscription.id).id,
  )
  if (open.cancelAtPeriodEnd) subscription.cancel_at = period.end
  engine.state.subscriptions.set(subscription.id, subscription)
  const hasFlat = prices.some(price => price.recurring?.usage_type !== 'metered')
  const hasPending = pendingItems(engine, open.customer.id, null).length > 0
  subscription.status = hasFlat || hasPending ? 'incomplete' : 'active'
  emit(engine, 'customer.subscription.created', subscription)
  scheduleRenewal(engine, subscription)
  if (subscription.status === 'active') return { subscription, invoice: null }
  expireWhenIncomplete(engine, subscription)
  return { subscription, invoice: firstInvoice(engine, open.customer, subscription) }
}

function firstInvoice(engine: Engine, customer: Customer, subscription: Subscription): Invoice {
  const item = subscription.items.data[0]
  const period = { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 }
  const invoice = draftInvoice(
    engine,
    {
      customer,
      subscription,
      currency: subscription.currency,
      billingReason: 'subscription_create',
      period: { start: period.start, end: period.start },
      autoAdvance: false,
      finalizesAt: null,
      discounts: subscription.discounts,
    },
    invoiceId => [
      ...takePending(engine, pendingItems(engine, customer.id, null), invoiceId),
      ...subscriptionLines(engine, subscription, invoiceId, { usage: null, licensed: period }, 'received'),
    ],
  )
  subscription.latest_invoice = invoice.id
  endOnceDiscounts(engine, subscription)
  return finalizeInvoice(engine, invoice.id, { auto_advance: false })
}

/** Discounts of a `once` coupon leave with the first invoice that took them. */
export function endOnceDiscounts(engine: Engine, subscription: Subscription): void {
  subscription.discounts = subscription.discounts.filter(id => couponOf(engine, id)?.duration !== 'once')
}

/** Repeating discounts leave when their months are over. */
export function endRepeatingDiscounts(engine: Engine, subscription: Subscription): void {
  const now = nowSeconds(engine)
  subscription.discounts = subscription.discounts.filter(
    id => (engine.state.discounts.get(id)?.end ?? Number.POSITIVE_INFINITY) > now,
  )
}
