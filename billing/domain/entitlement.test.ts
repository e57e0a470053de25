import { expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import { DAY_MS, plusMs } from '#kernel/time'
import { ACCOUNT } from '../ledger/testing/arbitrary-records.ts'
import { NOW, planVersions } from '../procedures/testing/test-deps.ts'
import { capUnitsOf, decideEntitlement } from './entitlement.ts'
import type { Account, Segment } from './records.ts'

const planOf = (id: string): PlanVersion => {
  const plan = planVersions.find(version => version.id === id)
  if (!plan) throw new Error(`no plan ${id}`)
  return plan
}
const free: Account = {
  ...{ accountId: ACCOUNT, openedAt: NOW, customerId: null, subscriptionId: null },
  ...{ planVersionId: 'free@1', entitlementVersion: 0, blocks: [] },
}
const payer: Account = { ...free, subscriptionId: 'sub_1', planVersionId: 'starter@1' }
const period = { start: NOW, end: plusMs(NOW, 30 * DAY_MS) }
const segment: Segment = {
  ...{ accountId: ACCOUNT, ...period, planVersionId: 'starter@1', subscriptionId: 'sub_1' },
  ...{ carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
}
const hardLimitOf = (account: Account, plan: PlanVersion, newestSegment?: Segment, carryOverUnits = 0) =>
  decideEntitlement({ account, plan, newestSegment, carryOverUnits }).hardLimit

test('Free is limited to its units in each UTC month', () => {
  const calendarMonth = { kind: 'calendar_month' }
  expect(hardLimitOf(free, planOf('free'))).toEqual({ units: 1_000, reason: 'quota', segment: calendarMonth })
})

test("a new payer's segment is limited to the units of the default cap", () => {
  const capped = { units: 86_669, reason: 'spend_cap', segment: { kind: 'period', period } }
  expect(hardLimitOf(payer, planOf('starter'), segment)).toEqual(capped)
})

test('what was carried in counts against the cap', () => {
  expect(hardLimitOf(payer, planOf('starter'), segment, 669)).toMatchObject({ units: 86_000 })
  expect(hardLimitOf(payer, planOf('starter'), segment, -31)).toMatchObject({ units: 86_700 })
  expect(hardLimitOf(payer, planOf('starter'), segment, 100_000)).toMatchObject({ units: 0 })
})

test('the default cap is gone once an invoice with usage was paid', () => {
  const proven = { ...payer, usageInvoicePaidAt: NOW }
  expect(hardLimitOf(proven, planOf('starter'), segment)).toBeNull()
  expect(capUnitsOf(proven, planOf('starter'))).toBeNull()
})

test('of a quota and a cap the lower one limits', () => {
  const both = { ...planOf('starter'), hardLimitUnits: 50_000 }
  expect(hardLimitOf(payer, both, segment)).toMatchObject({ units: 50_000, reason: 'quota' })
  expect(hardLimitOf(payer, { ...both, hardLimitUnits: 90_000 }, segment)).toMatchObject({
    reason: 'spend_cap',
  })
})

test('a quota limits the period of a payer whom nothing caps', () => {
  const plan = { ...planOf('starter'), hardLimitUnits: 50_000, defaultCapMinor: null }
  const limit = { units: 50_000, reason: 'quota', segment: { kind: 'period', period } }
  expect(hardLimitOf(payer, plan, segment)).toEqual(limit)
  expect(hardLimitOf(payer, { ...plan, hardLimitUnits: null }, segment)).toBeNull()
})

test('a cap is not granted for a period that is not known', () => {
  expect(() => hardLimitOf(payer, planOf('starter'))).toThrow(/no segment/)
  expect(() => hardLimitOf(payer, planOf('starter'), { ...segment, subscriptionId: null })).toThrow(
    /no segment/,
  )
})
