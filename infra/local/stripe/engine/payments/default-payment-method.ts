import type { Engine } from '../engine.ts'
import type { Invoice } from '../wire.ts'

export function subscriptionIdOf(invoice: Invoice): string | null {
  return invoice.parent?.subscription_details?.subscription ?? null
}

/** Which card pays an invoice: its own, its subscription's, its customer's. */
export function defaultPaymentMethod(engine: Engine, invoice: Invoice): string | null {
  const subscription = engine.state.subscriptions.get(subscriptionIdOf(invoice) ?? '')
  const customer = engine.state.customers.get(invoice.customer ?? '')
  return (
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    customer?.invoice_settings.default_payment_method ??
    null
  )
}
