import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Plan, type Started, seconds, sellPlan, startForTest } from './testing/start.ts'

let local: Started
let plan: Plan
let customerId: string

beforeEach(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
  plan = await sellPlan(local.stripe, { flatMinor: 2900, tiers: [{ up_to: 'inf', unit_amount: 1 }] })
  customerId = (await local.stripe.customers.create({})).id
})

afterEach(() => local.stop())

function send(fields: {
  value?: string
  identifier?: string
  timestamp?: number
  customer?: string
  event_name?: string
}) {
  return local.stripe.billing.meterEvents.create({
    event_name: fields.event_name ?? plan.eventName,
    payload: { stripe_customer_id: fields.customer ?? customerId, value: fields.value ?? '1' },
    ...(fields.identifier === undefined ? {} : { identifier: fields.identifier }),
    ...(fields.timestamp === undefined ? {} : { timestamp: fields.timestamp }),
  })
}

function summary(start: string, end: string, window?: 'hour' | 'day') {
  return local.stripe.billing.meters.listEventSummaries(plan.meter.id, {
    customer: customerId,
    start_time: seconds(start),
    end_time: seconds(end),
    ...(window === undefined ? {} : { value_grouping_window: window }),
  })
}

test('a repeated identifier is refused with 400 and must not be retried, and counts once', async () => {
  await send({ identifier: 'seg-1', value: '7' })
  await expect(send({ identifier: 'seg-1', value: '7' })).rejects.toMatchObject({
    statusCode: 400,
    type: 'StripeInvalidRequestError',
    message: 'An event already exists with identifier seg-1.',
    headers: { 'stripe-should-retry': 'false' },
  })
  await local.advanceBy(10)
  expect((await summary('2026-11-10T09:00:00Z', '2026-11-10T10:00:00Z')).data[0]?.aggregated_value).toBe(7)
})

test('an identifier is free again after a day', async () => {
  await send({ identifier: 'seg-1' })
  await local.advanceBy(24 * 3600)
  await expect(send({ identifier: 'seg-1' })).resolves.toMatchObject({ identifier: 'seg-1' })
})

test.each([
  ['35 days back is the limit', { timestamp: seconds('2026-10-06T09:29:59Z') }, 'more than 35 days in past'],
  [
    '5 minutes ahead is the limit',
    { timestamp: seconds('2026-11-10T09:35:01Z') },
    'more than 5 minutes in the future',
  ],
  ['values are numbers', { value: '1.5 units' }, 'must be a number'],
  ['values have at most 15 digits', { value: '1234567890123456' }, 'too many digits'],
  ['the meter must exist', { event_name: 'nothing' }, 'No active meter found'],
])('%s', async (_name, fields, message) => {
  await expect(send(fields)).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining(message),
  })
})

test('the limits themselves are accepted', async () => {
  await send({ timestamp: seconds('2026-10-06T09:30:00Z') })
  await send({ timestamp: seconds('2026-11-10T09:35:00Z') })
})

test('an inactive meter takes nothing', async () => {
  await local.stripe.billing.meters.deactivate(plan.meter.id)
  await expect(send({})).rejects.toMatchObject({ statusCode: 400, code: 'archived_meter' })
})

test('summaries lag behind, count half-open periods by timestamp, and show negative corrections', async () => {
  await send({ value: '10', timestamp: seconds('2026-11-10T08:59:59Z') })
  await send({ value: '5', timestamp: seconds('2026-11-10T09:00:00Z') })
  await send({ value: '-2', timestamp: seconds('2026-11-10T09:10:00Z') })
  expect((await summary('2026-11-10T08:00:00Z', '2026-11-10T10:00:00Z')).data).toEqual([])
  await local.advanceBy(5)
  expect((await summary('2026-11-10T08:00:00Z', '2026-11-10T09:00:00Z')).data[0]?.aggregated_value).toBe(10)
  const hours = await summary('2026-11-10T08:00:00Z', '2026-11-10T10:00:00Z', 'hour')
  expect(hours.data.map(row => [row.start_time, row.aggregated_value])).toEqual([
    [seconds('2026-11-10T09:00:00Z'), 3],
    [seconds('2026-11-10T08:00:00Z'), 10],
  ])
})

test('summaries refuse times between minutes', async () => {
  await expect(summary('2026-11-10T08:00:01Z', '2026-11-10T10:00:00Z')).rejects.toMatchObject({
    param: 'start_time',
  })
  await expect(summary('2026-11-10T08:01:00Z', '2026-11-10T10:00:00Z', 'hour')).rejects.toMatchObject({
    param: 'start_time',
  })
})

test('an unknown customer is accepted at once and reported later by a thin event', async () => {
  const destination = await local.stripe.v2.core.eventDestinations.create({
    name: 'meter errors',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'],
    webhook_endpoint: { url: local.receiverUrl },
    include: ['webhook_endpoint.signing_secret'],
  })
  await send({ customer: 'cus_gone', identifier: 'lost-1' })
  await local.advanceBy(20)
  const [push] = local.received
  const notification = local.stripe.parseEventNotification(
    push?.body ?? '',
    push?.signature ?? '',
    destination.webhook_endpoint?.signing_secret ?? '',
    300,
    undefined,
    push?.atMs,
  )
  expect(notification.type).toBe('v1.billing.meter.error_report_triggered')
  expect(JSON.parse(push?.body ?? '')).not.toHaveProperty('data')
  if (notification.type !== 'v1.billing.meter.error_report_triggered') throw new Error('another type')
  const event = await notification.fetchEvent()
  expect(event.data.reason.error_types[0]).toMatchObject({
    code: 'meter_event_customer_not_found',
    sample_errors: [{ request: { identifier: 'lost-1' } }],
  })
  expect((await notification.fetchRelatedObject()).id).toBe(plan.meter.id)
  expect((await local.stripe.v2.core.eventDestinations.list()).data[0]).not.toHaveProperty('webhook_endpoint')
})

test('the count formula counts events', async () => {
  await local.stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'count' },
  })
  const [meter] = (await local.stripe.billing.meters.list({ limit: 1 })).data
  await send({ event_name: 'calls', value: '400' })
  await send({ event_name: 'calls', value: '400' })
  await local.advanceBy(5)
  const rows = await local.stripe.billing.meters.listEventSummaries(meter?.id ?? '', {
    customer: customerId,
    start_time: seconds('2026-11-10T09:00:00Z'),
    end_time: seconds('2026-11-10T10:00:00Z'),
  })
  expect(rows.data[0]?.aggregated_value).toBe(2)
})

test('decimals come back as the SDK reads them', async () => {
  const price = await local.stripe.prices.retrieve(plan.usage.id, { expand: ['tiers'] })
  expect(price.tiers?.[0]?.unit_amount_decimal).toEqual(Stripe.Decimal.from('1'))
  expect(price.tiers?.[0]?.up_to).toBeNull()
  expect(plan.usage.tiers).toBeUndefined()
})
