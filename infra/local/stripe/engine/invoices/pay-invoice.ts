import type { Engine } from '../engine.ts'
import { Fault, invalidRequest } from '../fault.ts'
import { needInvoice } from '../find.ts'
import { boolean, type Input, object, text } from '../params.ts'
import { attachToCustomer } from '../payments/attach-payment-method.ts'
import { type AttemptResult, attemptPayment } from '../payments/attempt-payment.ts'
import { cancelPayment } from '../payments/create-payment-intent.ts'
import { resolvePaymentMethod } from '../payments/create-payment-method.ts'
import { defaultPaymentMethod } from '../payments/default-payment-method.ts'
import type { Invoice } from '../wire.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { settlePaidInvoice } from './settle-paid-invoice.ts'

export const payInvoiceParams = object({
  off_session: boolean(),
  paid_out_of_band: boolean(),
  payment_method: text(),
})

/** https://docs.stripe.com/api/invoices/pay. A refused card is a 402 `card_error`; its events are recorded all the same. */
export function payInvoice(engine: Engine, id: string, input: Input<typeof payInvoiceParams>): Invoice {
  const invoice = needInvoice(engine, id)
  if (invoice.status === 'draft') finalizeInvoice(engine, id, { auto_advance: false })
  if (invoice.status === 'paid')
    throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' })
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(`Invoice cannot be paid because it is ${invoice.status}.`, {
      code: 'invoice_not_payable',
    })
  }
  if (input.paid_out_of_band) return payOutOfBand(engine, invoice)
  const method = methodFor(engine, invoice, input.payment_method)
  const result = attemptPayment(engine, invoice, { paymentMethod: method, present: false, scheduled: false })
  if (!result.paid) throw refusal(result)
  return invoice
}

function methodFor(engine: Engine, invoice: Invoice, given: string | undefined): string {
  if (given !== undefined) {
    const method = resolvePaymentMethod(engine, given, 'payment_method')
    return attachToCustomer(engine, method, invoice.customer ?? '').id
  }
  const method = defaultPaymentMethod(engine, invoice)
  if (method === null) {
    throw invalidRequest(
      'There is no `default_payment_method` set on this Customer or Invoice. Please set either a Customer `default_payment_method` or Invoice `default_payment_method`.',
    )
  }
  return method
}

function payOutOfBand(engine: Engine, invoice: Invoice): Invoice {
  cancelPayment(engine, invoice.id)
  invoice.amount_paid_off_stripe = invoice.amount_due
  settlePaidInvoice(engine, invoice, { amountPaid: invoice.amount_due, outOfBand: true })
  return invoice
}

/** The error a refused attempt answers with. */
export function refusal(result: Extract<AttemptResult, { paid: false }>): Fault {
  const needsHolder = result.declineCode === 'authentication_required'
  return new Fault(402, 'card_error', result.message, {
    code: needsHolder ? 'invoice_payment_intent_requires_action' : 'card_declined',
    declineCode: result.declineCode,
    paymentIntent: structuredClone(result.intent),
    ...(result.intent.latest_charge === null ? {} : { charge: result.intent.latest_charge }),
  })
}
