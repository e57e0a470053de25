import { type Engine, emit } from '../engine.ts'
import { Fault, invalidRequest } from '../fault.ts'
import { needCustomer, needPaymentMethod } from '../find.ts'
import { type Input, object, required, text } from '../params.ts'
import type { PaymentMethod } from '../wire.ts'
import { resolvePaymentMethod } from './create-payment-method.ts'
import { declineMessage } from './decline.ts'

export const attachPaymentMethodParams = object({ customer: required(text()) })

/** https://docs.stripe.com/api/payment_methods/attach */
export function attachPaymentMethod(
  engine: Engine,
  id: string,
  input: Input<typeof attachPaymentMethodParams>,
): PaymentMethod {
  const customer = needCustomer(engine, input.customer, 'customer')
  return attachToCustomer(engine, resolvePaymentMethod(engine, id, 'id'), customer.id)
}

/** Gives a payment method to a customer; a card that its bank always refuses cannot be attached. */
export function attachToCustomer(engine: Engine, method: PaymentMethod, customerId: string): PaymentMethod {
  checkAttachable(engine, method, customerId)
  if (method.customer === customerId) return method
  method.customer = customerId
  emit(engine, 'payment_method.attached', method)
  return method
}

/** Throws what `attachToCustomer` would throw. */
export function checkAttachable(engine: Engine, method: PaymentMethod, customerId: string): void {
  if (method.customer === customerId) return
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
    })
  }
  const behaviour = engine.state.cards.get(method.id)
  if (behaviour?.kind === 'decline') {
    const code = behaviour.declineCode ?? 'generic_decline'
    throw new Fault(402, 'card_error', declineMessage(code), { code: 'card_declined', declineCode: code })
  }
}

/** https://docs.stripe.com/api/payment_methods/detach */
export function detachPaymentMethod(engine: Engine, id: string): PaymentMethod {
  const method = needPaymentMethod(engine, id)
  if (method.customer === null) {
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    )
  }
  const customer = engine.state.customers.get(method.customer)
  method.customer = null
  if (customer?.invoice_settings.default_payment_method === id)
    customer.invoice_settings.default_payment_method = null
  for (const subscription of engine.state.subscriptions.values()) {
    if (subscription.default_payment_method === id) subscription.default_payment_method = null
  }
  emit(engine, 'payment_method.detached', method)
  return method
}
