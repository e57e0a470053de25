import { describe, expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import { planVersions } from '../procedures/testing/test-deps.ts'
import { type DraftContext, validateDraft } from './validate-draft.ts'

const [free, starter, scale] = planVersions as [PlanVersion, PlanVersion, PlanVersion]
const context: DraftContext = {
  ...{ planId: 'starter', currency: 'usd', unit: 'check', newest: starter, others: [free, scale] },
}
const { includedUnits: _, ...draft } = {
  ...{ name: starter.name, description: '', flatFeeMinor: '2900', includedUnits: 0 },
  ...{ usagePrice: starter.usagePrice, hardLimitUnits: null, defaultCapMinor: '10000' },
  limits: starter.limits,
}
const tiers = [
  { upToUnits: 20_000, unitPriceMinor: '0' },
  { upToUnits: null, unitPriceMinor: '0.15' },
]
const check = (change: object, of: Partial<DraftContext> = {}) =>
  validateDraft({ ...draft, ...change }, { ...context, ...of })
const pointers = (change: object, of: Partial<DraftContext> = {}) =>
  check(change, of).problems.map(({ pointer }) => pointer)

test('a plan as it is on sale has no problems, and what it includes follows from its prices', () => {
  expect(check({})).toMatchObject({ problems: [], definition: { id: 'starter', includedUnits: 20_000 } })
})

describe('a draft is not published', () => {
  test.each<[string, object, string]>([
    ['without a name', { name: '' }, '/name'],
    ['with a fee that is no amount', { flatFeeMinor: '29.00' }, '/flatFeeMinor'],
    ['with a negative fee', { flatFeeMinor: '-1' }, '/flatFeeMinor'],
    ['with a fee that Stripe cannot charge at once', { flatFeeMinor: '100000000' }, '/flatFeeMinor'],
    ['without limits', { limits: {} }, '/limits/ratePerSecond'],
    ['with a rate of zero', { limits: { ratePerSecond: 0, burst: 1 } }, '/limits/ratePerSecond'],
    ['with a hard limit below what is included', { hardLimitUnits: 10 }, '/hardLimitUnits'],
    [
      'with a cap that allows no call',
      { usagePrice: { model: 'per_unit', unitPriceMinor: '200' }, defaultCapMinor: '100' },
      '/defaultCapMinor',
    ],
    ['with included units that its prices do not give', { includedUnits: 5 }, '/includedUnits'],
    ['with the name of another plan', { name: 'scale' }, '/name'],
    [
      'with a unit price of thirteen decimals',
      { usagePrice: { model: 'per_unit', unitPriceMinor: '0.1234567890123' } },
      '/usagePrice/unitPriceMinor',
    ],
    [
      'with an end in the last tier',
      { usagePrice: { model: 'graduated', tiers: [{ upToUnits: 5, unitPriceMinor: '1' }] } },
      '/usagePrice/tiers',
    ],
    [
      'with tiers that do not rise',
      { usagePrice: { model: 'graduated', tiers: [tiers[0], tiers[0], tiers[1]] } },
      '/usagePrice/tiers',
    ],
    ['with the id of another plan', { id: 'scale' }, '/id'],
  ])('%s', (_name, change, pointer) => {
    expect(pointers(change)).toContain(pointer)
    expect(check(change).definition).toBeNull()
  })

  test('when it turns a paid plan into a free one, or a free one into a paid one', () => {
    const nothing = {
      ...{ flatFeeMinor: '0', usagePrice: { model: 'per_unit', unitPriceMinor: '0' }, hardLimitUnits: 5 },
      defaultCapMinor: null,
    }
    expect(pointers(nothing)).toEqual(['/flatFeeMinor'])
    expect(pointers({ name: 'Free' }, { planId: 'free', newest: free, others: [starter] })).toEqual([
      '/flatFeeMinor',
    ])
  })

  test('with an exact limit at a rate at which it cannot be kept', () => {
    const limits = { ratePerSecond: 2_000, burst: 2_000 }
    expect(pointers({ limits, hardLimitUnits: 1_000_000 })).toEqual(['/hardLimitUnits', '/defaultCapMinor'])
    expect(pointers({ limits, defaultCapMinor: null })).toEqual([])
  })

  test('with amounts that cannot be charged in its currency', () => {
    const inDinars = { currency: 'kwd', newest: undefined, others: [] }
    expect(pointers({ flatFeeMinor: '29001' }, inDinars)).toEqual(['/flatFeeMinor'])
    expect(check({ flatFeeMinor: '29001' }, inDinars).problems[0]?.message).toContain(
      'the last digits must be zero',
    )
    const fee = { ...tiers[1], flatMinor: '5' }
    expect(pointers({ usagePrice: { model: 'volume', tiers: [tiers[0], fee] } }, inDinars)).toEqual([
      '/usagePrice/tiers/1/flatMinor',
    ])
  })

  test('with all its problems named at once', () => {
    expect(pointers({ name: '', flatFeeMinor: 'x', limits: { ratePerSecond: 0, burst: 0 } })).toHaveLength(4)
  })
})

test('what may surprise is said, and does not stop', () => {
  const volume = {
    model: 'volume',
    tiers: [
      { upToUnits: 10_000, unitPriceMinor: '50' },
      { upToUnits: null, unitPriceMinor: '40' },
    ],
  }
  expect(check({ usagePrice: volume }).warnings).toEqual([
    { pointer: '/usagePrice/tiers/0', message: 'one check more lowers the bill from $5,000.00 to $4,000.40' },
  ])
  expect(check({ flatFeeMinor: '3900' }).warnings.map(({ pointer }) => pointer)).toEqual(['/flatFeeMinor'])
})
