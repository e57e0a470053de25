import { change, type Engine, emit } from '../engine.ts'
import { Fault } from '../fault.ts'
import { needCustomer } from '../find.ts'
import { attachToCustomer } from '../payments/attach-payment-method.ts'
import { createCardPaymentMethod } from '../payments/create-payment-method.ts'
import type { PendingCard } from '../state.ts'

export type SaveResult = { readonly ok: true } | { readonly ok: false; readonly message: string }

/**
 * A person replaces the card on the portal page: it becomes the default of the customer and of the subscriptions that
 * name a card of their own.
 */
export function saveCard(engine: Engine, customerId: string, card: PendingCard): SaveResult {
  const customer = needCustomer(engine, customerId)
  const method = createCardPaymentMethod(engine, { ...card, email: customer.email })
  const behaviour = engine.state.cards[method.id]
  if (behaviour !== undefined) behaviour.authenticated = true
  try {
    attachToCustomer(engine, method, customerId)
  } catch (error) {
    if (error instanceof Fault) return { ok: false, message: error.message }
    throw error
  }
  const previous = change(customer, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
  })
  emit(engine, 'customer.updated', customer, previous)
  for (const subscription of Object.values(engine.state.subscriptions)) {
    if (subscription.customer !== customerId || subscription.ended_at !== null) continue
    if (subscription.default_payment_method === null) continue
    const before = change(subscription, { default_payment_method: method.id })
    emit(engine, 'customer.subscription.updated', subscription, before)
  }
  return { ok: true }
}
