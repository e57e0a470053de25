import type { Engine } from './engine.ts'
import { resourceMissing } from './fault.ts'
import type { Table } from './state.ts'
import type { Customer, Invoice, Meter, PaymentMethod, Price, Product, Subscription } from './wire.ts'

/** The object, or Stripe's `resource_missing` naming `param` (`id`: the one in the path). */
export function need<T>(table: Table<T>, noun: string, id: string, param = 'id'): T {
  return resourceOf(table.get(id), noun, id, param)
}

/** What was found, or Stripe's `resource_missing`. */
export function resourceOf<T>(found: T | undefined, noun: string, id: string, param = 'id'): T {
  if (found === undefined) throw resourceMissing(noun, id, param)
  return found
}

export const needCustomer = (engine: Engine, id: string, param = 'id'): Customer =>
  need(engine.state.customers, 'customer', id, param)
export const needProduct = (engine: Engine, id: string, param = 'id'): Product =>
  need(engine.state.products, 'product', id, param)
export const needPrice = (engine: Engine, id: string, param = 'id'): Price =>
  need(engine.state.prices, 'price', id, param)
export const needMeter = (engine: Engine, id: string, param = 'id'): Meter =>
  need(engine.state.meters, 'billing meter', id, param)
export const needSubscription = (engine: Engine, id: string, param = 'id'): Subscription =>
  need(engine.state.subscriptions, 'subscription', id, param)
export const needInvoice = (engine: Engine, id: string, param = 'id'): Invoice =>
  need(engine.state.invoices, 'invoice', id, param)
export const needPaymentMethod = (engine: Engine, id: string, param = 'id'): PaymentMethod =>
  need(engine.state.paymentMethods, 'PaymentMethod', id, param)
