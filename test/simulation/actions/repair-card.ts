import type { World } from '../world/world.ts'
import type { Action } from './action.ts'

/** A customer whose payment failed puts a good card on file at Stripe's page and pays what is open. */
export const repairCard: Action = {
  name: 'repair card',
  weight: 2,
  possible: ({ product }) => owing(product).length > 0,
  async run({ product, random, trace }: World) {
    const { direct } = product.stripe
    const customer = random.pick(owing(product))
    const method = await direct.paymentMethods.attach('pm_card_visa', { customer })
    await direct.customers.update(customer, { invoice_settings: { default_payment_method: method.id } })
    for (const one of product.stripe.engine.state.subscriptions.values())
      if (one.customer === customer && one.status === 'past_due')
        await direct.subscriptions.update(one.id, { default_payment_method: method.id })
    for (const invoice of [...product.stripe.engine.state.invoices.values()])
      if (invoice.customer === customer && invoice.status === 'open' && invoice.attempted)
        await direct.invoices.pay(invoice.id, { payment_method: method.id })
    trace(`${customer} has a good card and pays what is open`)
  },
}

/** Customers with an invoice whose payment failed. */
const owing = ({ stripe }: World['product']): string[] => [
  ...new Set(
    [...stripe.engine.state.invoices.values()]
      .filter(({ status, attempted }) => status === 'open' && attempted)
      .map(({ customer }) => String(customer)),
  ),
]
