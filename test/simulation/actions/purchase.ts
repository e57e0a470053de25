import { MINUTE_MS, SECOND_MS } from '#kernel/time'
import { startCheckout } from '../../../billing/procedures/start-checkout.ts'
import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { paySession } from '../../../infra/local/stripe/engine/checkout/pay-session.ts'
import { type Customer, callOf, inFunction, persist, sleep, type World } from '../world/world.ts'
import type { Action } from './action.ts'

const GOOD = '4242424242424242'
const BAD = '4000000000000002'

/** Somebody opens Stripe's Checkout for a plan, and pays, is declined first, or goes away. */
export const purchase: Action = {
  name: 'purchase',
  weight: 5,
  possible: ({ customers }) => customers.length > 0,
  async run(world) {
    const { random } = world
    const customer = random.pick(world.customers)
    const planId = random.pick(world.catalogue.plans.filter(({ id }) => id !== 'free')).id
    const url = await persist(world, 'open checkout', 4, () => openCheckout(world, customer, planId))
    if (!url || random.chance(0.1)) return
    await sleep(world, random.between(5 * SECOND_MS, 10 * MINUTE_MS))
    if (random.chance(0.2)) {
      pay(world, url, BAD)
      await sleep(world, random.between(5 * SECOND_MS, MINUTE_MS))
    }
    pay(world, url, GOOD)
    // A second click, or a reload of the page.
    if (random.chance(0.2)) pay(world, url, GOOD)
  },
}

/** Buys a plan without any hesitation. */
export async function buy(world: World, customer: Customer, planId: string): Promise<void> {
  const url = await persist(world, 'open checkout', 8, () => openCheckout(world, customer, planId))
  if (url) pay(world, url, GOOD)
}

/** The page's address; null when the plan cannot be bought any more. */
async function openCheckout(world: World, { accountId }: Customer, planId: string): Promise<string | null> {
  const { deps, adapter } = world.product
  const input = {
    accountId,
    planId,
    email: 'ada@example.com',
    successUrl: 'https://x/ok',
    cancelUrl: 'https://x',
  }
  const call = callOf(world, { kind: 'customer', accountId, userId: 'ada' })
  const reply = await inFunction(world, FUNCTIONS.billing, () => startCheckout(deps, adapter)(input, call))
  if (reply.ok) return reply.value.url
  world.trace(`checkout of ${planId} refused: ${reply.code}`)
  if (reply.code === 'account_not_ready') throw new Error(reply.code)
  return null
}

function pay(world: World, url: string, number: string): void {
  const id = url.slice(url.lastIndexOf('/') + 1)
  const card = { number, month: 12, year: 2040, name: 'Ada' }
  const { kind } = paySession(world.product.stripe.engine, id, card, { email: 'ada@example.com' })
  world.trace(`paid ${id} with ${number}: ${kind}`)
}
