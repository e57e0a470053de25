import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { voidInvoice } from '../invoices/void-invoice.ts'
import type { Subscription } from '../wire.ts'

/** A first invoice that stays unpaid for 23 hours ends its subscription. */
export function expireWhenIncomplete(engine: Engine, subscription: Subscription): void {
  const dueAt = (subscription.created + engine.settings.incompleteSeconds) * 1000
  engine.time.at(dueAt, `stripe: expire ${subscription.id}`, () => {
    const current = engine.state.subscriptions[subscription.id]
    if (current?.status !== 'incomplete') return
    const previous = change(current, { ended_at: nowSeconds(engine), status: 'incomplete_expired' })
    voidOpenInvoice(engine, current)
    emit(engine, 'customer.subscription.updated', current, previous)
  })
}

export function voidOpenInvoice(engine: Engine, subscription: Subscription): void {
  const invoice = engine.state.invoices[subscription.latest_invoice ?? '']
  if (invoice?.status === 'open') voidInvoice(engine, invoice.id)
}
