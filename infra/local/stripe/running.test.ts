import { deserialize, serialize } from 'node:v8'
import Stripe from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { createFaults } from '../faults.ts'
import { startStripe } from './start-stripe.ts'
import { customerWithCard, freePort, type Started, seconds, sellPlan, startForTest } from './testing/start.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function start(...options: Parameters<typeof startForTest>): Promise<Started> {
  const local = await startForTest(...options)
  stops.push(() => local.stop())
  return local
}

async function withFaults() {
  const clock = createClock({ mode: 'frozen', startAt: Date.parse('2026-11-10T09:30:00Z') })
  const faults = createFaults({ clock, journal: () => {}, stop: () => {} })
  return { faults, local: await start('2026-11-10T09:30:00Z', { faults }) }
}

test('a snapshot taken in mid-month goes on in another process: usage, drafts, retries and timers', async () => {
  const before = await start('2026-11-10T09:30:00Z')
  const plan = await sellPlan(before.stripe, { flatMinor: 1000, tiers: [{ up_to: 'inf', unit_amount: 7 }] })
  const customer = await customerWithCard(before.stripe)
  const { id } = await before.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.flat.id }, { price: plan.usage.id }],
  })
  before.answers.push(500)
  await before.stripe.webhookEndpoints.create({
    url: before.receiverUrl,
    enabled_events: ['customer.created'],
  })
  await before.stripe.customers.create({ name: 'Undelivered' })
  await before.stripe.billing.meterEvents.create({
    event_name: plan.eventName,
    payload: { stripe_customer_id: customer.id, value: '3' },
    identifier: 'before',
  })
  await before.clock.whenIdle()
  const kept: unknown = deserialize(serialize({ state: before.snapshot(), timers: before.clock.timers() }))
  const { state, timers } = kept as { state: unknown; timers: ReturnType<typeof before.clock.timers> }

  const clock = createClock({ mode: 'frozen', startAt: before.clock.now() })
  const port = await freePort()
  const after = await startStripe({ clock, port })
  stops.push(() => after.stop())
  after.restore(state)
  clock.restoreTimers(timers)
  const stripe = new Stripe('sk_test_local', { host: '127.0.0.1', port, protocol: 'http', telemetry: false })
  const repeated = stripe.billing.meterEvents.create({
    event_name: plan.eventName,
    payload: { stripe_customer_id: customer.id, value: '3' },
    identifier: 'before',
  })
  await expect(repeated).rejects.toMatchObject({ message: expect.stringContaining('already exists') })
  await clock.advanceTo(Date.parse('2026-12-10T10:31:00Z'))
  const [invoice] = (await stripe.invoices.list({ subscription: id, limit: 1 })).data
  expect(invoice).toMatchObject({ status: 'paid', total: 1021 })
  const urls = (await stripe.invoices.list()).data.map(one => one.hosted_invoice_url)
  expect(urls.filter(url => !url?.includes(`:${port}/`))).toEqual([])
  expect(before.received.length).toBe(2)
})

test('a snapshot of another version is refused', async () => {
  const local = await start('2026-11-10T09:30:00Z')
  const snapshot: object = Object(local.snapshot())
  expect(() => local.restore({ ...snapshot, version: 0 })).toThrow('another version')
  expect(() => local.restore({ ...snapshot, state: {} })).toThrow('another version')
  expect(() => local.restore(undefined)).toThrow('another version')
})

test('limits are off, and in a sandbox the 26th call of a second is 429 with its reason', async () => {
  const local = await start('2026-11-10T09:30:00Z')
  const list = () => local.stripe.customers.list()
  for (let count = 0; count < 60; count += 1) await list()
  const settings = await fetch(`${local.url}/_local/settings`, {
    method: 'POST',
    body: JSON.stringify({ rateLimits: 'sandbox' }),
  })
  expect(settings.status).toBe(200)
  for (let count = 0; count < 25; count += 1) await list()
  await expect(list()).rejects.toMatchObject({
    statusCode: 429,
    type: 'StripeRateLimitError',
    headers: { 'stripe-rate-limited-reason': 'global-rate', 'stripe-should-retry': 'false' },
  })
  await local.advanceBy(1)
  await list()
})

test('a call that is cut off after its effect is answered when it is repeated under its key, and done once', async () => {
  const { faults, local } = await withFaults()
  faults.add({ service: 'stripe', operation: 'POST /v1/customers', effect: { kind: 'cut', when: 'after' } })
  const create = () =>
    fetch(`${local.url}/v1/customers`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_x', 'idempotency-key': 'key-1' },
      body: 'name=Once',
    })
  await expect(create()).rejects.toThrow('fetch failed')
  const again = await create()
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
  expect((await local.stripe.customers.list()).data).toHaveLength(1)
})

test('a failing operation answers in Stripe’s shape, by path template and id', async () => {
  const { faults, local } = await withFaults()
  const customer = await local.stripe.customers.create({})
  faults.add({
    service: 'stripe',
    operation: 'GET /v1/customers/:id',
    resource: customer.id,
    effect: { kind: 'fail', status: 500, code: 'boom' },
  })
  await expect(local.stripe.customers.retrieve(customer.id)).rejects.toMatchObject({
    statusCode: 500,
    type: 'StripeAPIError',
    code: 'boom',
  })
  await expect(local.stripe.customers.retrieve(customer.id)).resolves.toMatchObject({ id: customer.id })
})

test('webhooks can be lost, doubled, turned round and refused', async () => {
  const { faults, local } = await withFaults()
  await local.stripe.webhookEndpoints.create({ url: local.receiverUrl, enabled_events: ['*'] })
  const hook = { service: 'stripe', operation: 'Webhook' }
  faults.add({ ...hook, resource: 'customer.created', effect: { kind: 'drop' } })
  faults.add({ ...hook, resource: 'product.created', effect: { kind: 'duplicate' } })
  await local.stripe.customers.create({})
  await local.stripe.products.create({ name: 'API' })
  await local.clock.whenIdle()
  expect(local.types()).toEqual(['product.created', 'product.created'])
  faults.add({ ...hook, resource: 'coupon.created', effect: { kind: 'fail' } })
  await local.stripe.coupons.create({ percent_off: 5 })
  await local.clock.whenIdle()
  expect(local.types()).toHaveLength(2)
  await local.advanceBy(60)
  expect(local.types()).toEqual(['product.created', 'product.created', 'coupon.created'])
})

test('rows for a page are plain JSON, newest first and no more than asked for', async () => {
  const local = await start('2026-11-10T09:30:00Z')
  const plan = await sellPlan(local.stripe, { flatMinor: 1000, tiers: [{ up_to: 'inf', unit_amount: 7 }] })
  const customer = await customerWithCard(local.stripe)
  await local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: plan.flat.id }] })
  await local.stripe.billing.meterEvents.create({
    event_name: plan.eventName,
    payload: { stripe_customer_id: customer.id, value: '1.5' },
  })
  expect(local.objects('customers')).toMatchObject([
    { id: customer.id, subscriptions: [{ status: 'active' }] },
  ])
  expect(local.objects('meters')).toMatchObject([{ totals: [{ received: '1.5', aggregated: '0' }] }])
  expect(local.objects('events', { limit: 2 })).toHaveLength(2)
  const overHttp = await fetch(`${local.url}/_local/objects/invoices?limit=1`)
  expect(await overHttp.json()).toEqual(JSON.parse(JSON.stringify(local.objects('invoices', { limit: 1 }))))
  expect((await fetch(`${local.url}/_local/objects/__proto__`)).status).toBe(404)
})

test('an event is taken back by its adjustment, and only within a day', async () => {
  const local = await start('2026-11-10T09:30:00Z')
  const plan = await sellPlan(local.stripe, { flatMinor: 1000, tiers: [{ up_to: 'inf', unit_amount: 7 }] })
  const { id } = await local.stripe.customers.create({})
  const send = (identifier: string) =>
    local.stripe.billing.meterEvents.create({
      event_name: plan.eventName,
      payload: { stripe_customer_id: id, value: '5' },
      identifier,
    })
  const cancel = (identifier: string) =>
    local.stripe.billing.meterEventAdjustments.create({
      event_name: plan.eventName,
      type: 'cancel',
      cancel: { identifier },
    })
  await send('one')
  await send('two')
  expect(await cancel('one')).toMatchObject({ status: 'pending', cancel: { identifier: 'one' } })
  await expect(cancel('one')).rejects.toMatchObject({ statusCode: 400 })
  await local.advanceBy(24 * 3600)
  await expect(cancel('two')).rejects.toMatchObject({ statusCode: 400 })
  const rows = await local.stripe.billing.meters.listEventSummaries(plan.meter.id, {
    customer: id,
    start_time: seconds('2026-11-10T09:00:00Z'),
    end_time: seconds('2026-11-10T10:00:00Z'),
  })
  expect(rows.data.map(row => row.aggregated_value)).toEqual([5])
})

test('the stream takes a hundred events under a token of fifteen minutes', async () => {
  const local = await start('2026-11-10T09:30:00Z')
  const plan = await sellPlan(local.stripe, { flatMinor: 1000, tiers: [{ up_to: 'inf', unit_amount: 7 }] })
  const { id } = await local.stripe.customers.create({})
  const session = await local.stripe.v2.billing.meterEventSession.create()
  const streaming = new Stripe(session.authentication_token, {
    host: '127.0.0.1',
    port: Number(new URL(local.url).port),
    protocol: 'http',
    telemetry: false,
  })
  const payload = { stripe_customer_id: id, value: '1' }
  const event = { event_name: plan.eventName, payload, timestamp: '2026-11-10T09:29:00Z' }
  await streaming.v2.billing.meterEventStream.create({ events: [event, event] })
  await local.stripe.v2.billing.meterEvents.create({ event_name: plan.eventName, payload })
  await local.advanceBy(15 * 60)
  await expect(streaming.v2.billing.meterEventStream.create({ events: [event] })).rejects.toMatchObject({
    type: 'TemporarySessionExpiredError',
  })
  expect(local.objects('meters')).toMatchObject([{ totals: [{ aggregated: '3' }] }])
})
