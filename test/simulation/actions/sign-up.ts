import { domainEvent } from '#kernel/outbox'
import { EVENT_SOURCES, FUNCTIONS } from '../../../infra/aws/names.ts'
import { type Customer, callOf, inFunction, newAccountId, persist, type World } from '../world/world.ts'
import type { Action } from './action.ts'

const MOST_CUSTOMERS = 2

/** Somebody signs up, and makes an API key as soon as the account is ready. */
export const signUp: Action = {
  name: 'sign up',
  weight: 3,
  possible: ({ customers }) => customers.length < MOST_CUSTOMERS,
  async run(world) {
    const { product, customers } = world
    const signedUpAt = product.now()
    const customer: Customer = { accountId: newAccountId(customers.length), signedUpAt, key: null }
    customers.push(customer)
    const { accountId } = customer
    const publish = product.bus.publisher(EVENT_SOURCES.portal)
    const fact = { accountId, createdAt: signedUpAt, founderName: 'Ada', companyName: null }
    await persist(world, 'account.created', 20, () =>
      publish(domainEvent('account.created', signedUpAt, fact)),
    )
    await persist(world, 'create a key', 40, () => createKey(world, customer))
  },
}

async function createKey(world: World, customer: Customer): Promise<void> {
  const { accountId } = customer
  const call = callOf(world, { kind: 'customer', accountId, userId: 'ada' })
  const reply = await inFunction(world, FUNCTIONS.portal, () =>
    world.product.access.createKey({ accountId, name: 'key' }, call),
  )
  if (!reply.ok || !reply.value.secret) throw new Error(reply.ok ? 'no secret' : reply.code)
  customer.key = { accountId, secret: reply.value.secret }
}
