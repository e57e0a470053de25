import { updateCustomer } from '../customers/update-customer.ts'
import { change, type Engine, emit } from '../engine.ts'
import { Fault } from '../fault.ts'
import { needCustomer } from '../find.ts'
import { attachToCustomer, detachPaymentMethod } from '../payments/attach-payment-method.ts'
import { createCardPaymentMethod } from '../payments/create-payment-method.ts'
import type { PendingCard } from '../state.ts'
import type { PaymentMethod } from '../wire.ts'

export type SaveResult = { readonly ok: true } | { readonly ok: false; readonly message: string }

/** The cards of a customer, oldest first. */
export function cardsOf(engine: Engine, customerId: string): PaymentMethod[] {
  return [...engine.state.paymentMethods.values()].filter(method => method.customer === customerId)
}

/**
 * A person adds a card on the portal page: it becomes the default of the customer and of the subscriptions that name a
 * card of their own. The holder is there, so a card that asks its holder is confirmed.
 */
export function saveCard(engine: Engine, customerId: string, card: PendingCard): SaveResult {
  const customer = needCustomer(engine, customerId)
  const method = createCardPaymentMethod(engine, { ...card, email: customer.email })
  const behaviour = engine.state.cards.get(method.id)
  if (behaviour !== undefined) behaviour.authenticated = true
  try {
    attachToCustomer(engine, method, customerId)
  } catch (error) {
    if (error instanceof Fault) return { ok: false, message: error.message }
    throw error
  }
  setDefaultCard(engine, customerId, method.id)
  return { ok: true }
}

/** Makes one of the customer's cards the one that pays. Another's is left alone. */
export function setDefaultCard(engine: Engine, customerId: string, id: string): void {
  if (engine.state.paymentMethods.get(id)?.customer !== customerId) return
  updateCustomer(engine, customerId, { invoice_settings: { default_payment_method: id } })
  for (const subscription of engine.state.subscriptions.values()) {
    if (subscription.customer !== customerId || subscription.ended_at !== null) continue
    if (subscription.default_payment_method === null || subscription.default_payment_method === id) continue
    const before = change(subscription, { default_payment_method: id })
    emit(engine, 'customer.subscription.updated', subscription, before)
  }
}

/** Takes a card off the customer, unless it is the one that pays. */
export function removeCard(engine: Engine, customerId: string, id: string): SaveResult {
  if (engine.state.paymentMethods.get(id)?.customer !== customerId) return { ok: true }
  if (needCustomer(engine, customerId).invoice_settings.default_payment_method === id) {
    return { ok: false, message: 'This card pays your bills. Choose another one first.' }
  }
  detachPaymentMethod(engine, id)
  return { ok: true }
}
