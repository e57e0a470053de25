import type { Engine } from '../engine.ts'
import { Fault } from '../fault.ts'
import { needInvoice } from '../find.ts'
import { attachToCustomer } from '../payments/attach-payment-method.ts'
import { attemptPayment } from '../payments/attempt-payment.ts'
import { paymentOf } from '../payments/create-payment-intent.ts'
import { createCardPaymentMethod } from '../payments/create-payment-method.ts'
import type { PendingCard } from '../state.ts'

export type PagePayment =
  | { readonly kind: 'paid' | 'confirm' | 'closed' }
  | { readonly kind: 'declined'; readonly message: string }

/** A person pays an open invoice on its hosted page with another card. */
export function payOnPage(engine: Engine, id: string, card: PendingCard): PagePayment {
  const invoice = needInvoice(engine, id)
  if (invoice.status !== 'open') return { kind: 'closed' }
  const method = createCardPaymentMethod(engine, { ...card, email: invoice.customer_email })
  try {
    attachToCustomer(engine, method, invoice.customer ?? '')
  } catch (error) {
    if (error instanceof Fault) return { kind: 'declined', message: error.message }
    throw error
  }
  return attempt(engine, id, method.id)
}

/** Whether the last attempt waits for the cardholder. */
export function awaitsHolder(engine: Engine, id: string): boolean {
  return paymentOf(engine, id)?.intent.status === 'requires_action'
}

/** The cardholder's answer to the bank's question about the last attempt. */
export function confirmOnPage(engine: Engine, id: string, confirmed: boolean): PagePayment {
  const invoice = needInvoice(engine, id)
  const intent = paymentOf(engine, id)?.intent
  if (invoice.status !== 'open' || intent?.status !== 'requires_action') return { kind: 'closed' }
  const card = engine.state.cards.get(intent.payment_method ?? '')
  if (!confirmed || card === undefined || intent.payment_method === null) {
    intent.status = 'requires_payment_method'
    return {
      kind: 'declined',
      message: 'We are unable to authenticate your payment method. Please choose a different one.',
    }
  }
  card.authenticated = true
  return attempt(engine, id, intent.payment_method)
}

function attempt(engine: Engine, id: string, paymentMethod: string): PagePayment {
  const result = attemptPayment(engine, needInvoice(engine, id), {
    paymentMethod,
    present: true,
    scheduled: false,
  })
  if (result.paid) return { kind: 'paid' }
  if (result.declineCode === 'authentication_required') return { kind: 'confirm' }
  return { kind: 'declined', message: result.message }
}
