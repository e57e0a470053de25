import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { resourceMissing } from '../fault.ts'
import { needSubscription } from '../find.ts'
import { newId } from '../ids.ts'
import { boolean, type Input, object, text } from '../params.ts'
import { subscriptionIdOf } from '../payments/default-payment-method.ts'
import { share } from '../rate-price.ts'
import type { Subscription, SubscriptionItem } from '../wire.ts'
import { voidOpenInvoice } from './expire-incomplete.ts'
import { draftFinalInvoice, periodOf } from './renew-subscription.ts'

export const cancelSubscriptionParams = object({
  cancellation_details: object({ comment: text(), feedback: text() }),
  invoice_now: boolean(),
  prorate: boolean(),
})

/**
 * Ends a subscription at once. Without `invoice_now` the usage of the current period is never billed; without `prorate`
 * nothing is credited. https://docs.stripe.com/api/subscriptions/cancel
 */
export function cancelSubscription(
  engine: Engine,
  id: string,
  input: Input<typeof cancelSubscriptionParams>,
): Subscription {
  const subscription = needSubscription(engine, id)
  if (subscription.ended_at !== null) throw resourceMissing('subscription', id, 'id')
  const now = nowSeconds(engine)
  const period = periodOf(subscription)
  if (subscription.cancellation_details !== null) {
    Object.assign(subscription.cancellation_details, input.cancellation_details, {
      reason: 'cancellation_requested',
    })
  }
  if (subscription.status === 'incomplete') {
    endSubscription(engine, subscription, now)
    voidOpenInvoice(engine, subscription)
    return subscription
  }
  if (input.prorate)
    for (const item of subscription.items.data) creditUnusedTime(engine, subscription, item, now)
  endSubscription(engine, subscription, now)
  if (input.invoice_now)
    draftFinalInvoice(engine, subscription, { start: period.start, end: now }, 'subscription_update')
  return subscription
}

/** Marks a subscription as over and stops collecting what it left open. */
export function endSubscription(engine: Engine, subscription: Subscription, endedAt: number): void {
  change(subscription, {
    canceled_at: subscription.canceled_at ?? endedAt,
    ended_at: endedAt,
    status: 'canceled',
  })
  for (const invoice of Object.values(engine.state.invoices)) {
    if (invoice.status === 'open' && subscriptionIdOf(invoice) === subscription.id) {
      change(invoice, { auto_advance: false, next_payment_attempt: null })
    }
  }
  emit(engine, 'customer.subscription.deleted', subscription)
}

/** A pending credit for the rest of a flat price's period: https://docs.stripe.com/billing/subscriptions/prorations */
function creditUnusedTime(
  engine: Engine,
  subscription: Subscription,
  item: SubscriptionItem,
  now: number,
): void {
  const unit = item.price.unit_amount
  if (item.price.recurring?.usage_type === 'metered' || unit === null) return
  const length = item.current_period_end - item.current_period_start
  const amount = -share(unit * (item.quantity ?? 1), item.current_period_end - now, length)
  const id = newId(engine.state, 'ii_')
  engine.state.invoiceItems[id] = {
    id,
    object: 'invoiceitem',
    amount,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_account: null,
    date: now,
    description: `Unused time on ${engine.state.products[item.price.product]?.name ?? 'subscription'}`,
    discountable: false,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: amount,
    parent: {
      subscription_details: { subscription: subscription.id, subscription_item: item.id },
      type: 'subscription_details',
    },
    period: { start: now, end: item.current_period_end },
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: String(amount),
    },
    proration: true,
    quantity: item.quantity ?? 1,
    quantity_decimal: String(item.quantity ?? 1),
    tax_rates: [],
    test_clock: null,
  }
  const stored = engine.state.invoiceItems[id]
  if (stored !== undefined) emit(engine, 'invoiceitem.created', stored)
}
