import type { Engine } from '../engine.ts'
import { attemptPayment } from '../payments/attempt-payment.ts'
import { defaultPaymentMethod } from '../payments/default-payment-method.ts'
import { recordMissingPaymentMethod } from '../payments/record-missing-payment-method.ts'
import type { Invoice } from '../wire.ts'

/** Arms the next automatic payment attempt of an open invoice. */
export function scheduleCollection(engine: Engine, invoice: Invoice): void {
  if (invoice.next_payment_attempt === null) return
  engine.time.later('collect-invoice', invoice.next_payment_attempt * 1000, invoice.id)
}

/** The timer of `scheduleCollection`. */
export function collectWhenDue(engine: Engine, id: string): void {
  const invoice = engine.state.invoices.get(id)
  if (invoice === undefined || invoice.status !== 'open' || !invoice.auto_advance) return
  const dueAt = invoice.next_payment_attempt
  if (dueAt === null || dueAt * 1000 > engine.time.now()) return
  const paymentMethod = defaultPaymentMethod(engine, invoice)
  if (paymentMethod === null) recordMissingPaymentMethod(engine, invoice)
  else attemptPayment(engine, invoice, { paymentMethod, present: false, scheduled: true })
}
