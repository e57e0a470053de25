import { beforeEach, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { listDue, markDue } from '../accounts/due.ts'
import { serviceCall } from '../procedures/service-call.ts'
import { TransientError } from '../stripe/failure.ts'
import { freeze, measure } from '../stripe/reporting/measure-segment.ts'
import { createFakeStripe } from '../workflows/testing/fake-stripe.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { reportUsage } from './report-usage.ts'

let now: Instant
let billing: given.TestBilling
let stripe: ReturnType<typeof createFakeStripe>

beforeEach(async () => {
  now = plusMs(given.PERIOD.start, DAY_MS)
  billing = await given.createBilling()
  stripe = createFakeStripe(() => now)
  await given.subscribe(billing)
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))
  await billing.use(12, plusMs(given.PERIOD.start, HOUR_MS))
  await markDue(billing.billing, 'report-due', given.ACCOUNT)
})

const report = () => reportUsage({ ...billing, stripe }, serviceCall(now, 'r1'))
const sent = () => stripe.received.map(({ units }) => units)
const due = async () => (await listDue(billing.billing, 'report-due')).length

test('what is owed is reported once, to the plan’s own meter, and the marker goes', async () => {
  expect(await report()).toEqual({ accounts: 1, problems: [] })
  expect(await report()).toEqual({ accounts: 0, problems: [] })
  expect(stripe.received).toMatchObject([{ units: 12, eventName: 'tollgate_starter', customerId: 'cus_1' }])
  expect(await due()).toBe(0)
})

test('a job that runs again reports the difference only', async () => {
  await report()
  await billing.use(5, plusMs(given.PERIOD.start, 2 * HOUR_MS))
  await markDue(billing.billing, 'report-due', given.ACCOUNT)
  await report()
  expect(sent()).toEqual([12, 5])
})

test('an account whose report failed keeps its marker and is made whole by the next run', async () => {
  const { sendUsage } = stripe
  stripe.sendUsage = () => Promise.reject(new TransientError('Stripe is slow'))
  expect((await report()).problems).toEqual([`${given.ACCOUNT}: Stripe is slow`])
  expect(await due()).toBe(1)
  stripe.sendUsage = sendUsage
  expect((await report()).problems).toEqual([])
  expect(sent()).toEqual([12])
})

test('usage that comes up while an account is reported keeps its marker', async () => {
  const { sendUsage } = stripe
  stripe.sendUsage = async event => {
    await markDue(billing.billing, 'report-due', given.ACCOUNT)
    await sendUsage(event)
  }
  await report()
  expect(await due()).toBe(1)
})

test('after a renewal each period is reported to its own segment, with stamps inside it', async () => {
  now = plusMs(given.PERIOD.end, HOUR_MS)
  stripe.subscriptions.set('sub_1', given.subscription())
  await billing.use(3, given.PERIOD.end)
  await report()
  expect(stripe.received).toMatchObject([
    { units: 12, stampAt: plusMs(given.PERIOD.end, -1_000) },
    { units: 3, stampAt: now },
  ])
})

test('a segment that its close has frozen is left alone', async () => {
  await freeze(billing.billing, given.paidSegment(), measure(12, 0, null))
  await report()
  expect(sent()).toEqual([])
})
