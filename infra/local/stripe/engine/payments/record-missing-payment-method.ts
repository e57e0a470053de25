import { change, type Engine } from '../engine.ts'
import type { Invoice } from '../wire.ts'
import { createPaymentIntent, paymentOf } from './create-payment-intent.ts'
import { recordFailedPayment } from './record-failed-payment.ts'

/** An automatic attempt that found no card to charge counts as a failed payment. */
export function recordMissingPaymentMethod(engine: Engine, invoice: Invoice): void {
  const intent = paymentOf(engine, invoice.id)?.intent ?? createPaymentIntent(engine, invoice)
  change(invoice, { attempted: true, attempt_count: invoice.attempt_count + 1 })
  recordFailedPayment(engine, invoice, intent, 'generic_decline', false)
}
