import { beforeEach, expect, test } from 'vitest'
import { createFakeStripe } from '../workflows/testing/fake-stripe.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { advancePaidSegment } from './advance-paid-segment.ts'
import { listClosing } from './closing.ts'

const AFTER_NEXT = { start: given.NEXT.end, end: given.at('2027-02-10T09:30:00Z') }
let billing: given.TestBilling
let stripe: ReturnType<typeof createFakeStripe>

beforeEach(async () => {
  billing = await given.createBilling()
  stripe = createFakeStripe(() => given.PERIOD.end)
  await given.subscribe(billing)
  stripe.subscriptions.set('sub_1', given.subscription())
})

const advance = (now = given.PERIOD.end) => advancePaidSegment({ ...billing, stripe }, given.ACCOUNT, now)
const periods = async () =>
  (await billing.accounts.listSegments(given.ACCOUNT)).map(({ start, end }) => ({ start, end }))

test('a renewal adds one segment where the last one ended, and lists it for its close', async () => {
  expect(await advance()).toHaveLength(1)
  expect(await advance()).toHaveLength(0)
  expect(await periods()).toEqual([given.PERIOD, given.NEXT])
  expect(await listClosing(billing.billing, given.NEXT.end)).toEqual([
    { accountId: given.ACCOUNT, end: given.NEXT.end },
  ])
})

test('nothing is added while the segment runs, before Stripe has renewed, and after the subscription ended', async () => {
  expect(await advance(given.at('2026-12-10T09:29:59Z'))).toEqual([])
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))
  expect(await advance()).toEqual([])
  stripe.subscriptions.set('sub_1', given.subscription({ status: 'canceled' }))
  expect(await advance()).toEqual([])
  expect(await periods()).toEqual([given.PERIOD])
})

test('periods that were missed altogether are taken from their invoices, so that no gap opens', async () => {
  const current = { start: AFTER_NEXT.end, end: given.at('2027-03-10T09:30:00Z') }
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: current }))
  const invoiced = [AFTER_NEXT, given.NEXT, given.PERIOD]
  for (const [n, period] of invoiced.entries())
    stripe.invoices.set(`in_${n}`, given.cycleInvoice({ id: `in_${n}`, period }))
  expect(await advance(current.start)).toHaveLength(3)
  expect(await periods()).toEqual([given.PERIOD, given.NEXT, AFTER_NEXT, current])
})

test.each([
  ['another subscription', { subscriptionId: 'sub_0' }],
  ['another reason than a cycle', { billingReason: 'subscription_update' }],
])('an invoice of %s makes no segment', async (_, change) => {
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: AFTER_NEXT }))
  stripe.invoices.set('in_2', given.cycleInvoice({ id: 'in_2', period: given.NEXT }))
  const period = { start: given.NEXT.start, end: given.at('2026-12-24T00:00:00Z') }
  stripe.invoices.set('in_3', given.cycleInvoice({ id: 'in_3', period, ...change }))
  await advance(AFTER_NEXT.start)
  expect(await periods()).toEqual([given.PERIOD, given.NEXT, AFTER_NEXT])
})

test('a gap that no invoice explains is refused', async () => {
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: AFTER_NEXT }))
  await expect(advance(AFTER_NEXT.start)).rejects.toThrow('no segment covers')
})
