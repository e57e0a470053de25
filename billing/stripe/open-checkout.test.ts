import { beforeEach, expect, test } from 'vitest'
import { HOUR_MS, type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import * as given from '../workflows/testing/fixtures.ts'
import { readPlanChange, workKey } from '../workflows/work-item.ts'
import { accountOfCustomer } from './customers.ts'
import { StripeRefused } from './failure.ts'
import { type CheckoutRequest, type CheckoutStripe, openCheckout } from './open-checkout.ts'
import type { CheckoutSessionView } from './views.ts'

const scale = { ...given.starter, id: 'scale', planVersionId: 'scale@1' }
const buyer = {
  accountId: given.ACCOUNT,
  email: 'dev@example.com',
  successUrl: 'https://ok',
  cancelUrl: 'https://no',
}
let billing: given.TestBilling
let stripe: ReturnType<typeof createCheckout>
let now: Instant

/** Stripe's side: the same idempotency key gives the same session. */
function createCheckout() {
  const sessions = new Map<string, CheckoutSessionView>()
  const requests: CheckoutRequest[] = []
  const customers: string[] = []
  const get = (id: string) =>
    sessions.get(id) ?? { id, status: 'expired' as const, url: null, subscriptionId: null, accountId: null }
  const port: CheckoutStripe = {
    async createCustomer({ accountId }) {
      customers.push(accountId)
      return 'cus_1'
    },
    async createSession(request) {
      const id = `cs_${request.idempotencyKey}`
      if (!sessions.has(id)) requests.push(request)
      const made = {
        id,
        status: 'open' as const,
        url: `https://pay/${id}`,
        subscriptionId: null,
        accountId: given.ACCOUNT,
      }
      sessions.set(id, sessions.get(id) ?? made)
      return get(id)
    },
    getSession: async id => get(id),
    async expireSession(id) {
      if (get(id).status !== 'open') throw new StripeRefused('not open', null)
      sessions.set(id, { ...get(id), status: 'expired', url: null })
      return get(id)
    },
  }
  return {
    ...port,
    sessions,
    requests,
    customers,
    open: () => [...sessions.values()].filter(s => s.status === 'open'),
  }
}

beforeEach(async () => {
  now = given.PERIOD.start
  billing = await given.createBilling()
  stripe = createCheckout()
  await billing.plans.addVersion(scale)
  await billing.accounts.addAccount({
    ...{ accountId: given.ACCOUNT, openedAt: now, customerId: null, subscriptionId: null },
    ...{ planVersionId: 'free@1', entitlementVersion: 1, blocks: [] },
  })
})

const open = (plan = given.starter) => openCheckout({ ...billing, stripe }, plan, buyer, now)

test('a second click on the same plan answers the same session', async () => {
  const first = await open()
  expect(first).toMatchObject({ kind: 'open', url: expect.stringContaining('https://pay/') })
  expect(await open()).toEqual(first)
  expect(stripe.requests).toHaveLength(1)
})

test('the session is for both prices of the version and lives at least the 30 minutes that Stripe asks for', async () => {
  await open()
  const [request] = stripe.requests
  expect(request).toEqual({
    ...{ accountId: given.ACCOUNT, planVersionId: 'starter@1', customerId: 'cus_1' },
    ...{ flatPriceId: 'price_flat', meteredPriceId: 'price_metered' },
    ...{ successUrl: 'https://ok', cancelUrl: 'https://no' },
    expiresAt: expect.any(Number),
    idempotencyKey: expect.stringMatching(/^checkout-claim_/),
  })
  expect(request?.expiresAt).toBeGreaterThan(plusMs(now, 30 * MINUTE_MS))
})

test('the account remembers its session, but not one that was made for a claim that is gone', async () => {
  const first = await open()
  const change = await readPlanChange(billing.billing, given.ACCOUNT)
  expect(change?.sessionId).toBe(stripe.open()[0]?.id)
  expect(first).toEqual({ kind: 'open', url: change?.sessionUrl })
  const { createSession } = stripe
  stripe.createSession = async request => {
    await billing.billing.put({ ...change, ...workKey('change-plan', given.ACCOUNT), claim: 'newer' })
    return createSession(request)
  }
  await open(scale)
  expect(await readPlanChange(billing.billing, given.ACCOUNT)).toEqual({ ...change, claim: 'newer' })
})

test('a session that runs out just before it is expired makes room for another', async () => {
  await open()
  const { expireSession } = stripe
  stripe.expireSession = async id => {
    await expireSession(id)
    return expireSession(id)
  }
  expect((await open(scale)).kind).toBe('open')
  expect(stripe.requests.map(({ customerId }) => customerId)).toEqual(['cus_1', 'cus_1'])
})

test('another plan expires the open session: there is never more than one', async () => {
  await open()
  await open(scale)
  expect(stripe.requests.map(({ planVersionId }) => planVersionId)).toEqual(['starter@1', 'scale@1'])
  expect(stripe.open()).toHaveLength(1)
})

test('a session that ended is replaced', async () => {
  const first = await open()
  for (const session of stripe.open()) await stripe.expireSession(session.id)
  now = plusMs(now, HOUR_MS)
  const second = await open()
  expect(second.kind).toBe('open')
  expect(second).not.toEqual(first)
})

test('a session that was paid, also while it was to be expired, lets nobody buy again', async () => {
  await open()
  const [session] = stripe.open()
  if (!session) throw new Error('no session')
  const pay = () => stripe.sessions.set(session.id, { ...session, status: 'complete' })
  const { expireSession } = stripe
  stripe.expireSession = id => {
    pay()
    return expireSession(id)
  }
  expect(await open(scale)).toEqual({ kind: 'switching' })
  expect(await open()).toEqual({ kind: 'switching' })
  expect(stripe.requests).toHaveLength(1)
})

test('of two clicks at the same moment one session comes out', async () => {
  const both = await Promise.all([open(), open()])
  const urls = both.flatMap(opened => (opened.kind === 'open' ? opened.url : []))
  expect(new Set(urls).size).toBe(1)
  expect(stripe.open()).toHaveLength(1)
})

test.each(['before', 'after'])(
  'a creation that is cut off %s Stripe made the session is finished',
  async moment => {
    const { createSession } = stripe
    stripe.createSession = async request => {
      if (moment === 'after') await createSession(request)
      throw new Error('cut off')
    }
    await expect(open()).rejects.toThrow('cut off')
    stripe.createSession = createSession
    expect((await open()).kind).toBe('open')
    expect(stripe.requests).toHaveLength(1)
  },
)

test('a creation that Stripe refuses leaves no claim behind', async () => {
  stripe.createSession = () => Promise.reject(new StripeRefused('No such price', 'resource_missing'))
  await expect(open()).rejects.toThrow('No such price')
  expect(await readPlanChange(billing.billing, given.ACCOUNT)).toBeUndefined()
})

test('the customer is made once and leads back to its account', async () => {
  await open()
  await open(scale)
  expect(stripe.customers).toEqual([given.ACCOUNT])
  expect(await accountOfCustomer(billing.billing, 'cus_1')).toBe(given.ACCOUNT)
  expect((await billing.accounts.getAccount(given.ACCOUNT))?.customerId).toBe('cus_1')
})
