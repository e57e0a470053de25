import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { voidInvoice } from '../invoices/void-invoice.ts'
import type { Subscription } from '../wire.ts'

/** A first invoice that stays unpaid for 23 hours ends its subscription. */
export function expireWhenIncomplete(engine: Engine, subscription: Subscription): void {
  const dueAt = (subscription.created + engine.settings.incompleteSeconds) * 1000
  engine.time.later('expire-subscription', dueAt, subscription.id)
}

/** The timer of `expireWhenIncomplete`. */
export function expireIncomplete(engine: Engine, id: string): void {
  const subscription = engine.state.subscriptions.get(id)
  if (subscription?.status !== 'incomplete') return
  const previous = change(subscription, { ended_at: nowSeconds(engine), status: 'incomplete_expired' })
  voidOpenInvoice(engine, subscription)
  emit(engine, 'customer.subscription.updated', subscription, previous)
}

export function voidOpenInvoice(engine: Engine, subscription: Subscription): void {
  const invoice = engine.state.invoices.get(subscription.latest_invoice ?? '')
  if (invoice?.status === 'open') voidInvoice(engine, invoice.id)
}
