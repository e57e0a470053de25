import { describe, expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import { instant } from '#kernel/time'
import { planVersions } from '../procedures/testing/test-deps.ts'
import { thresholdsReached } from './threshold.ts'

const planOf = (id: string): PlanVersion => {
  const plan = planVersions.find(version => version.id === id)
  if (!plan) throw new Error(`no plan ${id}`)
  return plan
}
const payer = { subscriptionId: 'sub_1' }
const reached = (
  planId: string,
  units: number,
  account: Parameters<typeof thresholdsReached>[0]['account'],
) => thresholdsReached({ account, plan: planOf(planId), units }).map(({ of, percent }) => `${of} ${percent}`)

describe('on Free', () => {
  test.each([
    [-5, []],
    [499, []],
    [500, ['hard_limit 50']],
    [799, ['hard_limit 50']],
    [800, ['hard_limit 80']],
    [1_000, ['hard_limit 100']],
  ])('%i of 1,000 units reach %j', (units, expected) => {
    expect(reached('free', units, { subscriptionId: null })).toEqual(expected)
  })
})

describe('on Starter: 20,000 included, then 0.15 cents, a cap of 100 USD for new payers', () => {
  test.each([
    [9_999, []],
    [10_000, ['included_units 50']],
    [20_000, ['included_units 100']],
    // Half the cap are 50 USD: 33,330 units at 0.15 cents are 4,999.5, rounded up.
    [53_329, ['included_units 100']],
    [53_330, ['included_units 100', 'spend_cap 50']],
    [73_330, ['included_units 100', 'spend_cap 80']],
    [86_668, ['included_units 100', 'spend_cap 80']],
    [86_669, ['included_units 100', 'spend_cap 100']],
    [90_000, ['included_units 100', 'spend_cap 100']],
  ])('%i units reach %j', (units, expected) => {
    expect(reached('starter', units, payer)).toEqual(expected)
  })

  test('who has no cap any more is told of included units alone', () => {
    expect(reached('starter', 90_000, { ...payer, usageInvoicePaidAt: instant(0) })).toEqual([
      'included_units 100',
    ])
  })
})

test('what 100 % is comes along, a cap in units and in money', () => {
  expect(thresholdsReached({ account: payer, plan: planOf('starter'), units: 86_669 })).toEqual([
    { of: 'included_units', percent: 100, limitUnits: 20_000, limitMinor: null },
    { of: 'spend_cap', percent: 100, limitUnits: 86_669, limitMinor: 10_000n },
  ])
})

test('a plan without included units has no threshold of them', () => {
  const plan = { ...planOf('starter'), includedUnits: 0, defaultCapMinor: null }
  expect(thresholdsReached({ account: payer, plan, units: 5 })).toEqual([])
})
