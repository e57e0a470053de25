import type { Subscription } from '../../../infra/local/stripe/engine/wire.ts'
import type { World } from '../world/world.ts'
import type { Action } from './action.ts'

/** A customer puts another card on file at Stripe's own page: one that will be declined, or one that works. */
export const changeCard: Action = {
  name: 'change card',
  weight: 2,
  possible: ({ product }) => product.stripe.engine.state.subscriptions.size > 0,
  async run(world) {
    const { random, product } = world
    const subscription = random.pick([...product.stripe.engine.state.subscriptions.values()])
    const token = random.pick(['pm_card_chargeCustomerFail', 'pm_card_chargeCustomerFail', 'pm_card_visa'])
    await putCard(world, subscription, token)
  },
}

export async function putCard(
  { product, trace }: World,
  subscription: Subscription,
  token: string,
): Promise<void> {
  const { direct } = product.stripe
  const method = await direct.paymentMethods.attach(token, { customer: subscription.customer })
  await direct.customers.update(subscription.customer, {
    invoice_settings: { default_payment_method: method.id },
  })
  if (subscription.status !== 'canceled' && subscription.status !== 'incomplete_expired')
    await direct.subscriptions.update(subscription.id, { default_payment_method: method.id })
  trace(`${subscription.customer} pays with ${token} from now on`)
}
