import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseInstant as at } from '#kernel/time'
import { createStripeAdapter } from '../../billing/stripe/adapter.ts'
import { createStripe } from '../../billing/stripe/client.ts'
import { callStripe } from '../../billing/stripe/failure.ts'
import { type PortCall, TOPIC_CALLS } from './stripe-topic-calls.ts'
import { checkoutOf, sell, startWire, type Wire } from './stripe-wire.ts'

/** What becomes of a call that fails on the wire: repeated, worth repeating, or refused for good. */
let wire: Wire
beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:00Z')
})
afterEach(() => wire.stop())

const USAGE = {
  ...{ eventName: 'tollgate_starter', customerId: 'cus_1', units: 5, identifier: 'seg-1' },
  stampAt: at('2026-11-10T09:00:00Z'),
}
const PERIOD = { start: at('2026-11-10T09:00:00Z'), end: at('2026-11-10T10:00:00Z') }
const PRICE = { productId: 'prod', planVersionId: 'p@1', currency: 'usd', lookupKey: 'key' }

const METHODS: readonly PortCall[] = [
  ...TOPIC_CALLS,
  [
    'createCustomer',
    'POST /v1/customers',
    stripe => stripe.createCustomer({ accountId: 'a', email: 'a@b.example' }),
  ],
  [
    'createSession',
    'POST /v1/checkout/sessions',
    stripe =>
      stripe.createSession(
        checkoutOf(
          wire,
          {
            ...{ flatPriceId: 'f', meteredPriceId: 'm', planVersionId: 'p@1' },
            ...{ meterId: '', eventName: '' },
          },
          'cus_1',
        ),
      ),
  ],
  ['getSession', 'GET /v1/checkout/sessions/:id', stripe => stripe.getSession('cs_1')],
  ['expireSession', 'POST /v1/checkout/sessions/:id/expire', stripe => stripe.expireSession('cs_1')],
  [
    'createPortalSession',
    'POST /v1/billing_portal/sessions',
    stripe => stripe.createPortalSession({ customerId: 'cus_1', returnUrl: 'https://shop.example' }),
  ],
  ['getSubscription', 'GET /v1/subscriptions/:id', stripe => stripe.getSubscription('sub_1')],
  ['getInvoice', 'GET /v1/invoices/:id', stripe => stripe.getInvoice('in_1')],
  ['listInvoices', 'GET /v1/invoices', stripe => stripe.listInvoices({ customerId: 'cus_1' })],
  [
    'postponeFinalization',
    'POST /v1/invoices/:id',
    stripe => stripe.postponeFinalization('in_1', PERIOD.end),
  ],
  ['finalizeInvoice', 'POST /v1/invoices/:id/finalize', stripe => stripe.finalizeInvoice('in_1')],
  ['collectInvoice', 'POST /v1/invoices/:id', stripe => stripe.collectInvoice('in_1')],
  ['sendUsage', 'POST /v1/billing/meter_events', stripe => stripe.sendUsage(USAGE)],
  [
    'readUsage',
    'GET /v1/billing/meters/:id/event_summaries',
    stripe => stripe.readUsage({ meterId: 'mtr_1', customerId: 'cus_1', window: PERIOD }),
  ],
  [
    'ensureProduct',
    'GET /v1/products',
    stripe => stripe.ensureProduct({ planId: 'p', name: 'P', unit: 'check' }),
  ],
  [
    'ensureMeter',
    'GET /v1/billing/meters',
    stripe => stripe.ensureMeter({ eventName: 'e', displayName: 'E' }),
  ],
  ['ensureFlatPrice', 'GET /v1/prices', stripe => stripe.ensureFlatPrice({ ...PRICE, unitAmountMinor: 1n })],
  [
    'ensureMeteredPrice',
    'POST /v1/prices',
    stripe =>
      stripe.ensureMeteredPrice({
        ...PRICE,
        meterId: 'mtr_1',
        price: { model: 'per_unit', unitPriceMinor: '1' },
      }),
  ],
  ['readProduct', 'GET /v1/products/:id', stripe => stripe.readProduct('prod_1')],
  ['readPrice', 'GET /v1/prices/:id', stripe => stripe.readPrice('price_1')],
  ['readMeter', 'GET /v1/billing/meters/:id', stripe => stripe.readMeter('mtr_1')],
  ['setProductActive', 'POST /v1/products/:id', stripe => stripe.setProductActive('prod_1', false)],
  ['setPriceActive', 'POST /v1/prices/:id', stripe => stripe.setPriceActive('price_1', false)],
]

test('the table below has every port method', () => {
  expect(METHODS.map(([name]) => name).sort()).toEqual(Object.keys(wire.adapter).sort())
})

describe.each(METHODS)('%s', (_name, operation, run) => {
  test('trouble at Stripe and limits may pass; a refusal is for good and has the code that Stripe gave', async () => {
    for (const [status, failure] of [
      [500, { name: 'TransientError' }],
      [429, { name: 'TransientError' }],
      [400, { name: 'StripeRefused', code: 'struck' }],
    ] as const) {
      wire.strike(operation, { kind: 'fail', status, code: 'struck' })
      await expect(run(wire.impatient)).rejects.toMatchObject(failure)
    }
  })
})

test.each([
  ...[409, 424, 429, 500, 502, 503, 504].map(status => [status, 'TransientError'] as const),
  ...[400, 401, 402, 403, 404].map(status => [status, 'StripeRefused'] as const),
])('an answer %i is a %s', async (status, name) => {
  wire.strike('GET /v1/invoices/:id', { kind: 'fail', status })
  await expect(wire.impatient.getInvoice('in_1')).rejects.toMatchObject({ name })
})

test('a connection that breaks may work when it is repeated', async () => {
  // The SDK itself repeats a closed connection once.
  wire.strike('GET /v1/invoices/:id', { kind: 'cut' }, { times: 2 })
  await expect(wire.impatient.getInvoice('in_1')).rejects.toMatchObject({ name: 'TransientError' })
})

test('no answer in time may work when it is repeated', async () => {
  wire.strike('GET /v1/invoices/:id', { kind: 'delay', ms: 1_000 })
  const { hostname: host, port } = new URL(wire.url)
  const hasty = new Stripe('sk_test_local', {
    host,
    port,
    protocol: 'http',
    timeout: 50,
    maxNetworkRetries: 0,
  })
  const adapter = createStripeAdapter(async () => hasty)
  await expect(adapter.getInvoice('in_1')).rejects.toMatchObject({
    ...{ name: 'TransientError', message: expect.stringContaining('get invoice: ') },
  })
})

test('an own limit of calls a second is waited out, not given up', async () => {
  wire.engine.settings = {
    ...wire.engine.settings,
    rateLimits: { perSecond: 1, perEndpointPerSecond: 1, meterEventsPerSecond: 1 },
  }
  await expect(wire.adapter.listInvoices({ customerId: 'cus_1' })).resolves.toEqual([])
  await expect(wire.adapter.listInvoices({ customerId: 'cus_1' })).rejects.toMatchObject({
    name: 'TransientError',
  })
  await wire.advanceBy(1)
  await expect(wire.adapter.listInvoices({ customerId: 'cus_1' })).resolves.toEqual([])
})

test('a declined card is refused for good, with its reason', async () => {
  const { stripe } = wire
  const customer = await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
  const { id } = await stripe.invoices.create({ customer, auto_advance: false })
  await stripe.invoiceItems.create({ customer, invoice: id, amount: 500, currency: 'usd' })
  await wire.adapter.finalizeInvoice(id)
  const method = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
  const pay = callStripe('pay', () => stripe.invoices.pay(id, { payment_method: method.id }))
  await expect(pay).rejects.toMatchObject({ name: 'StripeRefused', code: 'card_declined' })
})

test('a wrong key is refused for good, and the key is not in the message', async () => {
  const stranger = createStripe('sk_live_secret_of_ours', wire.url)
  const call = createStripeAdapter(async () => stranger).getInvoice('in_1')
  await expect(call).rejects.toMatchObject({ name: 'StripeRefused' })
  await expect(call).rejects.not.toThrow(/secret_of_ours/)
})

test('what is not there is refused with the code that says so', async () => {
  const missing = { name: 'StripeRefused', code: 'resource_missing' }
  await expect(wire.adapter.getInvoice('in_0')).rejects.toMatchObject(missing)
  await expect(wire.adapter.getSubscription('sub_0')).rejects.toMatchObject(missing)
  await expect(wire.adapter.getSession('cs_0')).rejects.toMatchObject(missing)
})

describe('an answer that is lost', () => {
  const LOST = { kind: 'cut', when: 'after' } as const

  test('of a creation that is given up makes one object when it is asked for again', async () => {
    const sold = await sell(wire)
    wire.strike('POST /v1/customers', LOST, { times: 2 })
    wire.strike('POST /v1/checkout/sessions', LOST, { times: 2 })
    const customer = () => wire.impatient.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
    await expect(customer()).rejects.toMatchObject({ name: 'TransientError' })
    const request = checkoutOf(wire, sold, await customer())
    await expect(wire.impatient.createSession(request)).rejects.toMatchObject({ name: 'TransientError' })
    expect(await wire.impatient.createSession(request)).toMatchObject({ status: 'open' })
    expect(wire.engine.state.customers.size).toBe(1)
    expect(wire.engine.state.checkoutSessions.size).toBe(1)
  })

  test('of a finalization that is given up finalizes once', async () => {
    const customer = await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
    const { id } = await wire.stripe.invoices.create({ customer, auto_advance: false })
    await wire.stripe.invoiceItems.create({ customer, invoice: id, amount: 500, currency: 'usd' })
    wire.strike('POST /v1/invoices/:id/finalize', LOST, { times: 2 })
    await expect(wire.impatient.finalizeInvoice(id)).rejects.toMatchObject({ name: 'TransientError' })
    expect(await wire.adapter.finalizeInvoice(id)).toMatchObject({ id, status: 'open' })
  })

  test('of usage that is given up is delivered by the next call and counts once', async () => {
    const sold = await sell(wire)
    const customerId = await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
    const usage = { ...USAGE, customerId }
    wire.strike('POST /v1/billing/meter_events', LOST, { times: 2 })
    await expect(wire.impatient.sendUsage(usage)).rejects.toMatchObject({ name: 'TransientError' })
    await expect(wire.adapter.sendUsage(usage)).resolves.toBeUndefined()
    await wire.advanceBy(10)
    const summary = wire.adapter.readUsage({ meterId: sold.meterId, customerId, window: PERIOD })
    expect(await summary).toBe(5)
  })
})

describe('usage', () => {
  test('of a meter that is not there, or stamped too long ago, is refused and not taken for delivered', async () => {
    await expect(wire.adapter.sendUsage(USAGE)).rejects.toMatchObject({ name: 'StripeRefused' })
    await sell(wire)
    const old = { ...USAGE, stampAt: at('2026-10-01T00:00:00Z') }
    await expect(wire.adapter.sendUsage(old)).rejects.toMatchObject({
      ...{ name: 'StripeRefused', message: expect.stringContaining('send usage: ') },
    })
  })
})

test('a fault at Stripe is repeated by the SDK twice, under one key, before billing hears of it', async () => {
  wire.strike('POST /v1/customers', { kind: 'fail', status: 500, when: 'after' }, { times: 2 })
  await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
  expect(wire.calls.filter(call => call === 'POST /v1/customers')).toHaveLength(3)
  expect(wire.engine.state.customers.size).toBe(1)
})
