import { nextBoundary } from '../calendar.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { subscriptionLines } from '../invoices/build-lines.ts'
import { pendingItems, takePending } from '../invoices/create-invoice.ts'
import { draftInvoice } from '../invoices/draft-invoice.ts'
import type { Period } from '../meters/usage.ts'
import { endSchedule, enterPhase, type Transition, transitionAt } from '../schedules/enter-phase.ts'
import type { Invoice, InvoiceLine, Subscription } from '../wire.ts'
import { endSubscription } from './cancel-subscription.ts'
import { intervalOf } from './item.ts'
import { endOnceDiscounts, endRepeatingDiscounts } from './open-subscription.ts'
import { periodOf } from './period.ts'

/** Arms the end of the current period, or an earlier `cancel_at`. */
export function scheduleRenewal(engine: Engine, subscription: Subscription): void {
  const end = periodOf(subscription).end
  const dueAt = subscription.cancel_at === null ? end : Math.min(end, subscription.cancel_at)
  engine.time.later('renew-subscription', dueAt * 1000, subscription.id)
}

/** The timer of `scheduleRenewal`. */
export function renewWhenDue(engine: Engine, id: string): void {
  const subscription = engine.state.subscriptions.get(id)
  if (subscription === undefined || subscription.ended_at !== null || subscription.status === 'incomplete')
    return
  const now = nowSeconds(engine)
  if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    endAtPeriodEnd(engine, subscription, subscription.cancel_at)
    return
  }
  const { end } = periodOf(subscription)
  if (end > now) return
  const transition = transitionAt(engine, subscription, end)
  if (transition.kind === 'end') {
    endSchedule(engine, subscription, transition.schedule)
    if (transition.behavior === 'cancel') {
      endAtPeriodEnd(engine, subscription, end)
      return
    }
  }
  renew(engine, subscription, transition)
}

/**
 * Moves every item to its next period and drafts the invoice: usage of the old period, flat prices of the new one. A
 * schedule's next phase begins in between, so usage is billed at the old prices.
 */
function renew(engine: Engine, subscription: Subscription, transition: Transition): void {
  const ended = periodOf(subscription)
  const customer = engine.state.customers.get(subscription.customer)
  if (customer === undefined) return
  const previous = { items: structuredClone(subscription.items), latest_invoice: subscription.latest_invoice }
  const phase = transition.kind === 'enter' ? transition : undefined
  endRepeatingDiscounts(engine, subscription)
  const coming = { start: ended.end, end: endAfter(engine, subscription, phase, ended.end) }
  const invoice = draftInvoice(
    engine,
    {
      customer,
      subscription,
      currency: subscription.currency,
      billingReason: 'subscription_cycle',
      period: ended,
      // What an unpaid subscription owes is written down, not collected.
      autoAdvance: subscription.status !== 'unpaid',
      finalizesAt: nowSeconds(engine) + engine.settings.draftSeconds,
      discounts: subscription.discounts,
    },
    invoiceId => [
      ...takePending(engine, pendingItems(engine, customer.id, subscription.id), invoiceId),
      ...takePending(engine, pendingItems(engine, customer.id, null), invoiceId),
      ...periodLines(engine, subscription, invoiceId, { ended, coming, phase }),
    ],
  )
  subscription.latest_invoice = invoice.id
  endOnceDiscounts(engine, subscription)
  emit(engine, 'customer.subscription.updated', subscription, previous)
  scheduleRenewal(engine, subscription)
}

function endAfter(
  engine: Engine,
  subscription: Subscription,
  entered: Entered | undefined,
  start: number,
): number {
  const price =
    engine.state.prices.get(entered?.phase.items[0]?.price ?? '') ?? subscription.items.data[0]?.price
  return price === undefined
    ? start
    : nextBoundary(subscription.billing_cycle_anchor, intervalOf(price), start)
}

type Entered = Extract<Transition, { kind: 'enter' }>
type Turn = { readonly ended: Period; readonly coming: Period; readonly phase: Entered | undefined }

/** The lines of a renewal; moves the items on. */
function periodLines(
  engine: Engine,
  subscription: Subscription,
  invoiceId: string,
  { ended, coming, phase }: Turn,
): InvoiceLine[] {
  const lines = (usage: Period | null, licensed: Period | null) =>
    subscriptionLines(engine, subscription, invoiceId, { usage, licensed }, 'aggregated')
  const move = () => {
    for (const item of subscription.items.data) {
      change(item, { current_period_start: coming.start, current_period_end: coming.end })
    }
  }
  if (phase === undefined) {
    const all = lines(ended, coming)
    move()
    return all
  }
  const used = lines(ended, null)
  enterPhase(engine, subscription, phase, coming)
  move()
  return [...used, ...lines(null, coming)]
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
  const customer = engine.state.customers.get(subscription.customer)
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
