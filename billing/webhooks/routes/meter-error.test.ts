import Stripe from 'stripe'
import { beforeEach, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { listDue, markDue } from '../../accounts/due.ts'
import { reportUsage } from '../../jobs/report-usage.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { listMeterProblems } from '../../stripe/reporting/meter-problems.ts'
import {
  listReports,
  parseIdentifier,
  reportIdentifier,
  sumDelivered,
} from '../../stripe/reporting/outbox.ts'
import { createFakeStripe } from '../../workflows/testing/fake-stripe.ts'
import * as given from '../../workflows/testing/fixtures.ts'
import { readNotification } from '../read-notification.ts'
import type { StarterPorts } from '../route.ts'
import { startWorkflow } from '../start-workflow.ts'
import { meterError } from './meter-error.ts'

let now: Instant
let billing: given.TestBilling
let stripe: ReturnType<typeof createFakeStripe>
const segment = given.paidSegment()

const report = async () => {
  now = plusMs(now, HOUR_MS)
  return reportUsage({ ...billing, stripe }, serviceCall(now, 'r1'))
}
/** Stripe takes the newest event back, and tells of it. */
async function reject(eventId: string, unnamed = 0): Promise<void> {
  const refused = stripe.received.pop()
  if (!refused) throw new Error('nothing was sent')
  const codes = [{ code: 'meter_event_customer_not_found', count: 1 + unnamed }]
  const identifiers = [refused.identifier]
  stripe.meterErrors.set(eventId, {
    createdAt: now,
    meterId: 'mtr_1',
    codes,
    identifiers,
    count: 1 + unnamed,
  })
}
const told = (eventId: string) => meterError({ ...billing, stripe } as unknown as StarterPorts, eventId, now)
const atStripe = () => stripe.received.reduce((sum, { units }) => sum + units, 0)
const delivered = async () => sumDelivered(await listReports(billing.billing, segment))

beforeEach(async () => {
  now = plusMs(given.PERIOD.start, DAY_MS)
  billing = await given.createBilling()
  stripe = createFakeStripe(() => now)
  await given.subscribe(billing)
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))
  await billing.use(12, plusMs(given.PERIOD.start, HOUR_MS))
  await markDue(billing.billing, 'report-due', given.ACCOUNT)
})

test('a rejected report counts as delivered no longer and is sent again once, however often Stripe tells of it', async () => {
  await report()
  await reject('evt_1', 2)
  await told('evt_1')
  await told('evt_1')
  expect(await delivered()).toBe(0)
  expect(await listDue(billing.billing, 'report-due')).toHaveLength(1)
  await report()
  await told('evt_1')
  await report()
  expect(stripe.received.map(({ units }) => units)).toEqual([12])
  expect([await delivered(), atStripe()]).toEqual([12, 12])
  expect(await listMeterProblems(billing.billing, now)).toMatchObject([
    {
      eventId: 'evt_1',
      meterId: 'mtr_1',
      unnamed: 2,
      rejected: [{ accountId: given.ACCOUNT, seq: 1, units: 12 }],
    },
  ])
})

test('the thin event that Stripe signs reaches the outbox through the bus, and its units are sent again once', async () => {
  await report()
  await reject('evt_1')
  const body = JSON.stringify({
    ...{ id: 'evt_1', object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered' },
    ...{ created: new Date(now).toISOString(), livemode: false },
    related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
  })
  const [secret, timestamp] = ['whsec_destination', Math.floor(now / 1_000)]
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
  const notification = readNotification(body, signature, [secret], now)
  if (!notification.ok) throw new Error(notification.message)
  const { type, objectId } = notification.value
  const ports = { ...billing, stripe } as unknown as StarterPorts
  for (const _ of [1, 2]) await startWorkflow(ports, { type, objectId }, now)
  expect(await delivered()).toBe(0)
  await report()
  await startWorkflow(ports, { type, objectId }, now)
  await report()
  expect([stripe.received.length, await delivered(), atStripe()]).toEqual([1, 12, 12])
})

test('the alarm hears of each problem once', async () => {
  await report()
  await reject('evt_1')
  await told('evt_1')
  expect((await report()).problems).toEqual([expect.stringContaining('meter_event_customer_not_found × 1')])
  expect((await report()).problems).toEqual([])
})

test('a report that Stripe goes on refusing is not sent for ever, and tried again a day later', async () => {
  await report()
  for (const eventId of ['evt_1', 'evt_2', 'evt_3']) {
    await reject(eventId)
    await told(eventId)
    await report()
  }
  expect(stripe.received).toEqual([])
  expect((await report()).problems).toEqual([expect.stringContaining('Stripe refused the last reports')])
  now = plusMs(now, DAY_MS)
  await report()
  expect(atStripe()).toBe(12)
})

test('an event that is not ours changes nothing and is kept to be seen', async () => {
  await report()
  stripe.meterErrors.set('evt_9', {
    ...{
      createdAt: now,
      meterId: null,
      codes: [{ code: 'no_meter', count: 1 }],
      identifiers: ['theirs'],
      count: 1,
    },
  })
  await told('evt_9')
  expect(await delivered()).toBe(12)
  expect(await listMeterProblems(billing.billing, now)).toMatchObject([{ eventId: 'evt_9', rejected: [] }])
})

test('an identifier says which report it is, and fits what Stripe takes', () => {
  const identifier = reportIdentifier(segment, 123_456)
  expect(parseIdentifier(identifier)).toEqual({
    accountId: given.ACCOUNT,
    segmentStart: segment.start,
    seq: 123_456,
  })
  expect(identifier.length).toBeLessThanOrEqual(100)
  expect(parseIdentifier('use_somebody')).toBeUndefined()
})
