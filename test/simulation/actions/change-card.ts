import type { World } from '../world/world.ts'
import type { Action } from './action.ts'

/** A customer puts another card on file at Stripe's own page: one that will be declined, or one that works. */
export const changeCard: Action = {
  name: 'change card',
  weight: 1,
  possible: ({ product }) => product.stripe.engine.state.subscriptions.size > 0,
  async run({ product, random, trace }: World) {
    const { engine, direct } = product.stripe
    const subscription = random.pick([...engine.state.subscriptions.values()])
    const token = random.pick(['pm_card_chargeCustomerFail', 'pm_card_visa'])
    const method = await direct.paymentMethods.attach(token, { customer: subscription.customer })
    await direct.customers.update(subscription.customer, {
      invoice_settings: { default_payment_method: method.id },
    })
    if (subscription.status !== 'canceled' && subscription.status !== 'incomplete_expired')
      await direct.subscriptions.update(subscription.id, { default_payment_method: method.id })
    trace(`${subscription.customer} pays with ${token} from now on`)
  },
}
