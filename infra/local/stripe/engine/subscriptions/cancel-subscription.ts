import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { resourceMissing } from '../fault.ts'
import { needSubscription } from '../find.ts'
import { addPendingItem } from '../invoices/pending-item.ts'
import { boolean, type Input, object, text } from '../params.ts'
import { subscriptionIdOf } from '../payments/default-payment-method.ts'
import { share } from '../rate-price.ts'
import { abandonSchedule } from '../schedules/enter-phase.ts'
import type { Subscription, SubscriptionItem } from '../wire.ts'
import { voidOpenInvoice } from './expire-incomplete.ts'
import { periodOf } from './period.ts'
import { draftFinalInvoice } from './renew-subscription.ts'

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
  for (const invoice of engine.state.invoices.values()) {
    if (invoice.status === 'open' && subscriptionIdOf(invoice) === subscription.id) {
      change(invoice, { auto_advance: false, next_payment_attempt: null })
    }
  }
  emit(engine, 'customer.subscription.deleted', subscription)
  abandonSchedule(engine, subscription)
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
  const { current_period_start: start, current_period_end: end } = item
  const quantity = item.quantity ?? 1
  addPendingItem(engine, subscription, item, {
    amount: -share(unit * quantity, end - now, end - start),
    description: `Unused time on ${engine.state.products.get(item.price.product)?.name ?? 'subscription'}`,
    period: { start: now, end },
    quantity,
    proration: true,
  })
}
