import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { subscriptionIdOf } from '../payments/default-payment-method.ts'
import type { Customer, Invoice, Subscription } from '../wire.ts'

/** Marks an open invoice paid and lets its subscription live again. */
export function settlePaidInvoice(
  engine: Engine,
  invoice: Invoice,
  paid: { readonly amountPaid: number; readonly outOfBand: boolean },
): void {
  const previous = change(invoice, {
    amount_paid: paid.amountPaid,
    amount_remaining: 0,
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: nowSeconds(engine) },
  })
  emit(engine, 'invoice.updated', invoice, previous)
  emit(engine, 'invoice.paid', invoice)
  if (!paid.outOfBand) emit(engine, 'invoice.payment_succeeded', invoice)
  revive(engine, engine.state.subscriptions.get(subscriptionIdOf(invoice) ?? ''), invoice)
  clearDelinquency(engine, engine.state.customers.get(invoice.customer ?? ''))
}

/** Paying (or giving up) the latest invoice makes the subscription active: https://docs.stripe.com/billing/subscriptions/overview */
export function revive(engine: Engine, subscription: Subscription | undefined, invoice: Invoice): void {
  if (subscription === undefined || subscription.latest_invoice !== invoice.id) return
  if (
    subscription.status !== 'incomplete' &&
    subscription.status !== 'past_due' &&
    subscription.status !== 'unpaid'
  )
    return
  const previous = change(subscription, { status: 'active' })
  emit(engine, 'customer.subscription.updated', subscription, previous)
}

function clearDelinquency(engine: Engine, customer: Customer | undefined): void {
  if (customer === undefined || !customer.delinquent) return
  const stillOwes = [...engine.state.invoices.values()].some(
    invoice => invoice.customer === customer.id && invoice.status === 'open' && invoice.attempted,
  )
  if (stillOwes) return
  const previous = change(customer, { delinquent: false })
  emit(engine, 'customer.updated', customer, previous)
}
