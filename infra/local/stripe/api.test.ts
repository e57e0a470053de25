import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Started, seconds, sellPlan, startForTest } from './testing/start.ts'

let local: Started

beforeEach(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
})

afterEach(() => local.stop())

function call(path: string, init: RequestInit = {}) {
  return fetch(`${local.url}${path}`, {
    ...init,
    headers: { authorization: 'Bearer sk_test_x', ...init.headers },
  })
}

const form = (text: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: text,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
})

test.each([
  ['no key', {}],
  ['a live key', { authorization: 'Bearer sk_live_x' }],
  ['an empty key', { authorization: 'Bearer ' }],
])('%s is 401', async (_name, headers) => {
  const response = await fetch(`${local.url}/v1/customers`, { headers })
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
})

test('another API version is refused', async () => {
  const response = await call('/v1/customers', { headers: { 'stripe-version': '2024-06-20' } })
  expect(response.status).toBe(400)
})

test('answers carry request id, version and the date of the local clock', async () => {
  const response = await call('/v1/customers')
  expect(response.headers.get('request-id')).toMatch(/^req_/)
  expect(response.headers.get('stripe-version')).toBe('2026-10-28.endive')
  expect(response.headers.get('date')).toBe('Tue, 10 Nov 2026 09:30:00 GMT')
})

test.each([
  ['POST', '/v1/customers', 'colour=red', 400, { code: 'parameter_unknown', param: 'colour' }],
  [
    'POST',
    '/v1/prices',
    'currency=usd&recurring[every]=1',
    400,
    { code: 'parameter_unknown', param: 'recurring[every]' },
  ],
  ['POST', '/v1/products', '', 400, { code: 'parameter_missing', param: 'name' }],
  ['POST', '/v1/customers', 'balance=ten', 400, { code: 'parameter_invalid_integer', param: 'balance' }],
  [
    'POST',
    '/v1/subscriptions',
    'customer=cus_0&items[0][price]=price_0',
    400,
    { code: 'resource_missing', param: 'customer' },
  ],
  ['GET', '/v1/customers/cus_0', '', 404, { code: 'resource_missing', param: 'id' }],
  ['GET', '/v1/customers?limit=101', '', 400, { param: 'limit' }],
  [
    'GET',
    '/v1/customers?starting_after=cus_0',
    '',
    400,
    { code: 'resource_missing', param: 'starting_after' },
  ],
])('%s %s with %j is %s', async (method, path, body, status, error) => {
  const response = await call(path, method === 'POST' ? form(body) : {})
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', ...error } })
})

test('an endpoint that is not there answers as Stripe does and is written to the journal', async () => {
  const response = await call('/v1/quotes', form('customer=cus_1'))
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining('Unrecognized request URL (POST: /v1/quotes)') },
  })
  expect(local.journal.map(entry => entry.summary)).toContain('unsupported endpoint: POST /v1/quotes')
})

test('a POST under a known idempotency key is replayed, and refused with other parameters', async () => {
  const options = { idempotencyKey: 'key-1' }
  const first = await local.stripe.customers.create({ name: 'One' }, options)
  const again = await local.stripe.customers.create({ name: 'One' }, options)
  expect(again.id).toBe(first.id)
  expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
  await expect(local.stripe.customers.create({ name: 'Two' }, options)).rejects.toMatchObject({
    type: 'StripeIdempotencyError',
    statusCode: 400,
  })
  await local.advanceBy(24 * 3600)
  expect((await local.stripe.customers.create({ name: 'One' }, options)).id).not.toBe(first.id)
})

test('a refused parameter is not remembered under its idempotency key', async () => {
  const headers = { 'idempotency-key': 'key-1' }
  expect((await call('/v1/products', form('', headers))).status).toBe(400)
  expect((await call('/v1/products', form('name=API', headers))).status).toBe(200)
})

test('lists are cut into pages, newest first, in both directions', async () => {
  const ids: string[] = []
  for (let index = 0; index < 12; index += 1) ids.unshift((await local.stripe.customers.create({})).id)
  const page = await local.stripe.customers.list()
  expect(page.data.map(one => one.id)).toEqual(ids.slice(0, 10))
  expect(page.has_more).toBe(true)
  const rest = await local.stripe.customers.list({ starting_after: ids[9] ?? '' })
  expect([rest.data.map(one => one.id), rest.has_more]).toEqual([ids.slice(10), false])
  const back = await local.stripe.customers.list({ ending_before: ids[10] ?? '', limit: 3 })
  expect([back.data.map(one => one.id), back.has_more]).toEqual([ids.slice(7, 10), true])
  expect((await local.stripe.customers.list().autoPagingToArray({ limit: 100 })).map(one => one.id)).toEqual(
    ids,
  )
})

test('metadata merges, an empty value deletes its key and an empty map all of them', async () => {
  const { id } = await local.stripe.customers.create({ metadata: { a: '1', b: '2' } })
  const changed = await local.stripe.customers.update(id, { metadata: { b: null, c: 3 } })
  expect(changed.metadata).toEqual({ a: '1', c: '3' })
  expect((await local.stripe.customers.update(id, { metadata: '' })).metadata).toEqual({})
})

test('arrays are read with and without indices', async () => {
  const product = await local.stripe.products.create({ name: 'API' })
  const body = `currency=usd&product=${product.id}&billing_scheme=tiered&tiers_mode=volume&tiers[][up_to]=inf&expand[]=tiers`
  const response = await call('/v1/prices', form(`${body}&tiers[0][unit_amount]=5`))
  expect(await response.json()).toMatchObject({
    tiers: [{ up_to: null, unit_amount: 5, unit_amount_decimal: '5' }],
  })
})

test('references are expanded on demand, lists included, at most four levels deep', async () => {
  const plan = await sellPlan(local.stripe, { flatMinor: 100, tiers: [{ up_to: 'inf', unit_amount: 1 }] })
  const listed = await local.stripe.prices.list({
    product: plan.product.id,
    expand: ['data.product', 'data.tiers'],
  })
  expect(listed.data.map(price => (typeof price.product === 'string' ? '' : price.product.object))).toEqual([
    'product',
    'product',
  ])
  await expect(local.stripe.prices.retrieve(plan.flat.id, { expand: ['a.b.c.d.e'] })).rejects.toMatchObject({
    statusCode: 400,
  })
  await expect(local.stripe.prices.retrieve(plan.flat.id, { expand: ['nothing'] })).rejects.toMatchObject({
    statusCode: 400,
  })
})

test('a lookup key belongs to one price and moves only when asked to', async () => {
  const plan = await sellPlan(local.stripe, { flatMinor: 100, tiers: [{ up_to: 'inf', unit_amount: 1 }] })
  const next = {
    currency: 'usd',
    product: plan.product.id,
    unit_amount: 200,
    recurring: { interval: 'month' as const },
    lookup_key: 'starter_flat',
  }
  await expect(local.stripe.prices.create(next)).rejects.toMatchObject({ param: 'lookup_key' })
  const moved = await local.stripe.prices.create({ ...next, transfer_lookup_key: true })
  const found = await local.stripe.prices.list({ lookup_keys: ['starter_flat'] })
  expect(found.data.map(price => price.id)).toEqual([moved.id])
  expect((await local.stripe.prices.retrieve(plan.flat.id)).lookup_key).toBeNull()
})

test.each([
  ['no meter', { recurring: { interval: 'month' as const, usage_type: 'metered' as const }, unit_amount: 1 }],
  ['no amount', { recurring: { interval: 'month' as const } }],
  [
    'tiers without an end',
    {
      billing_scheme: 'tiered' as const,
      tiers_mode: 'graduated' as const,
      tiers: [{ up_to: 5, unit_amount: 1 }],
    },
  ],
  ['more than 12 places', { unit_amount_decimal: '0.1234567890123' as unknown as Stripe.Decimal }],
])('a price with %s is refused', async (_name, fields) => {
  const product = await local.stripe.products.create({ name: 'API' })
  await expect(
    local.stripe.prices.create({ currency: 'usd', product: product.id, ...fields }),
  ).rejects.toMatchObject({ statusCode: 400 })
})

test('two meters cannot share an event name', async () => {
  const meter = {
    display_name: 'Units',
    event_name: 'units',
    default_aggregation: { formula: 'sum' as const },
  }
  await local.stripe.billing.meters.create(meter)
  await expect(local.stripe.billing.meters.create(meter)).rejects.toMatchObject({ param: 'event_name' })
})

test('a deleted customer says so and its subscriptions end', async () => {
  const plan = await sellPlan(local.stripe, { flatMinor: 100, tiers: [{ up_to: 'inf', unit_amount: 1 }] })
  const { id } = await local.stripe.customers.create({})
  const subscription = await local.stripe.subscriptions.create({
    customer: id,
    items: [{ price: plan.usage.id }],
    payment_behavior: 'default_incomplete',
  })
  await local.stripe.customers.del(id)
  expect(await local.stripe.customers.retrieve(id)).toMatchObject({ deleted: true })
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
})

test('webhooks are signed on the local clock, show the object as it was, and are tried again until they are received', async () => {
  const endpoint = await local.stripe.webhookEndpoints.create({
    url: local.receiverUrl,
    enabled_events: ['customer.created'],
  })
  local.answers.push(500, 302)
  const customer = await local.stripe.customers.create({ name: 'Before' })
  await local.stripe.customers.update(customer.id, { name: 'After' })
  await local.clock.whenIdle()
  expect(local.received).toHaveLength(1)
  await local.advanceBy(60)
  await local.advanceBy(5 * 60)
  expect(local.received.map(one => one.atMs / 1000)).toEqual([
    seconds('2026-11-10T09:30:00Z'),
    seconds('2026-11-10T09:31:00Z'),
    seconds('2026-11-10T09:36:00Z'),
  ])
  await local.advanceBy(7 * 86_400)
  expect(local.received).toHaveLength(3)
  const last = local.received.at(-1)
  const verify = (at: number) =>
    local.stripe.webhooks.constructEvent(
      last?.body ?? '',
      last?.signature ?? '',
      endpoint.secret ?? '',
      300,
      undefined,
      at * 1000,
    )
  expect(verify(seconds('2026-11-10T09:41:00Z')).data.object).toMatchObject({
    id: customer.id,
    name: 'Before',
  })
  expect(() => verify(seconds('2026-11-10T09:41:01Z'))).toThrow('Timestamp outside the tolerance zone')
  expect((await local.stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined()
})

test('an endpoint that never answers is given up after three days', async () => {
  await local.stripe.webhookEndpoints.create({ url: local.receiverUrl, enabled_events: ['*'] })
  local.answers.push(...Array<number>(20).fill(503))
  await local.stripe.customers.create({})
  await local.advanceBy(3 * 86_400)
  const attempts = local.received.length
  await local.advanceBy(30 * 86_400)
  expect(attempts).toBe(9)
  expect(local.received).toHaveLength(attempts)
})

test('events can be read for thirty days, by id and by type', async () => {
  const customer = await local.stripe.customers.create({})
  const [event] = (await local.stripe.events.list({ types: ['customer.created'] })).data
  expect(event).toMatchObject({
    api_version: '2026-10-28.endive',
    data: { object: { id: customer.id } },
    request: { id: expect.stringMatching(/^req_/) },
  })
  await local.advanceBy(31 * 86_400)
  await expect(local.stripe.events.retrieve(event?.id ?? '')).rejects.toMatchObject({ statusCode: 404 })
})

test('nothing happens by itself while the clock stands still', async () => {
  await local.stripe.webhookEndpoints.create({ url: local.receiverUrl, enabled_events: ['*'] })
  const plan = await sellPlan(local.stripe, { flatMinor: 100, tiers: [{ up_to: 'inf', unit_amount: 1 }] })
  const customer = await local.stripe.customers.create({})
  await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.usage.id }],
    payment_behavior: 'default_incomplete',
  })
  await local.clock.whenIdle()
  const before = await (await fetch(`${local.url}/_local/state`)).json()
  await local.clock.whenIdle()
  expect(await (await fetch(`${local.url}/_local/state`)).json()).toEqual(before)
  expect(before).toMatchObject({ counts: { customers: 1, subscriptions: 1, invoices: 0 }, deliveries: [] })
})
