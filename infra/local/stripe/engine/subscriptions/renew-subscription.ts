import { nextBoundary } from '../calendar.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { subscriptionLines } from '../invoices/build-lines.ts'
import { pendingItems, takePending } from '../invoices/create-invoice.ts'
import { draftInvoice } from '../invoices/draft-invoice.ts'
import type { Period } from '../meters/usage.ts'
import type { Invoice, Subscription } from '../wire.ts'
import { endSubscription } from './cancel-subscription.ts'
import { intervalOf } from './item.ts'
import { endOnceDiscounts } from './open-subscription.ts'

/** Arms the end of the current period, or an earlier `cancel_at`. */
export function scheduleRenewal(engine: Engine, subscription: Subscription): void {
  const end = periodOf(subscription).end
  const dueAt = subscription.cancel_at === null ? end : Math.min(end, subscription.cancel_at)
  engine.time.at(dueAt * 1000, `stripe: period end of ${subscription.id}`, () =>
    renewWhenDue(engine, subscription.id),
  )
}

/** The current period; all items of a subscription share it. */
export function periodOf(subscription: Subscription): Period {
  const item = subscription.items.data[0]
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 }
}

function renewWhenDue(engine: Engine, id: string): void {
  const subscription = engine.state.subscriptions[id]
  if (subscription === undefined || subscription.ended_at !== null || subscription.status === 'incomplete')
    return
  const now = nowSeconds(engine)
  if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    endAtPeriodEnd(engine, subscription, subscription.cancel_at)
  } else if (periodOf(subscription).end <= now) renew(engine, subscription)
}

/** Moves every item to its next period and drafts the invoice: usage of the old period, flat prices of the new one. */
function renew(engine: Engine, subscription: Subscription): void {
  const ended = periodOf(subscription)
  const price = subscription.items.data[0]?.price
  const customer = engine.state.customers[subscription.customer]
  if (price === undefined || customer === undefined) return
  const coming = {
    start: ended.end,
    end: nextBoundary(subscription.billing_cycle_anchor, intervalOf(price), ended.end),
  }
  const previous = { items: structuredClone(subscription.items), latest_invoice: subscription.latest_invoice }
  for (const item of subscription.items.data) {
    change(item, { current_period_start: coming.start, current_period_end: coming.end })
  }
  const invoice = draftInvoice(
    engine,
    {
      customer,
      subscription,
      currency: subscription.currency,
      billingReason: 'subscription_cycle',
      period: ended,
      autoAdvance: true,
      finalizesAt: nowSeconds(engine) + engine.settings.draftSeconds,
      discounts: subscription.discounts,
    },
    invoiceId => [
      ...takePending(engine, pendingItems(engine, customer.id, subscription.id), invoiceId),
      ...takePending(engine, pendingItems(engine, customer.id, null), invoiceId),
      ...subscriptionLines(engine, subscription, invoiceId, { usage: ended, licensed: coming }, 'aggregated'),
    ],
  )
  subscription.latest_invoice = invoice.id
  endOnceDiscounts(engine, subscription)
  emit(engine, 'customer.subscription.updated', subscription, previous)
  scheduleRenewal(engine, subscription)
}

function endAtPeriodEnd(engine: Engine, subscription: Subscription, endedAt: number): void {
  const period = { start: periodOf(subscription).start, end: endedAt }
  endSubscription(engine, subscription, endedAt)
  draftFinalInvoice(engine, subscription, period, 'subscription_cycle')
}

/** The last invoice: usage until the end and what waited; none when there is nothing to bill. */
export function draftFinalInvoice(
  engine: Engine,
  subscription: Subscription,
  usage: Period,
  billingReason: 'subscription_cycle' | 'subscription_update',
): Invoice | null {
  const customer = engine.state.customers[subscription.customer]
  const pending = pendingItems(engine, subscription.customer, subscription.id)
  const hasMetered = subscription.items.data.some(item => item.price.recurring?.usage_type === 'metered')
  if (customer === undefined || (!hasMetered && pending.length === 0)) return null
  const invoice = draftInvoice(
    engine,
    {
      customer,
      subscription,
      currency: subscription.currency,
      billingReason,
      period: usage,
      autoAdvance: true,
      finalizesAt: nowSeconds(engine) + engine.settings.draftSeconds,
      discounts: [],
    },
    invoiceId => [
      ...takePending(engine, pending, invoiceId),
      ...subscriptionLines(engine, subscription, invoiceId, { usage, licensed: null }, 'aggregated'),
    ],
  )
  subscription.latest_invoice = invoice.id
  return invoice
}
