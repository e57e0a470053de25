import { expect, test } from 'vitest'
import { planOf } from '../testing/fake-services.ts'
import { cheapest, estimateBill } from './estimate-bill.ts'

const FREE = planOf({
  id: 'free',
  name: 'Free',
  flatFeeMinor: '0',
  includedUnits: 1_000,
  usagePrice: { model: 'per_unit', unitPriceMinor: '0' },
  hardLimitUnits: 1_000,
})
const STARTER = planOf({ id: 'starter', name: 'Starter' })
const SCALE = planOf({
  id: 'scale',
  name: 'Scale',
  flatFeeMinor: '19900',
  includedUnits: 250_000,
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 250_000, unitPriceMinor: '0', flatMinor: '0' },
      { upToUnits: 1_000_000, unitPriceMinor: '0.08', flatMinor: '0' },
      { upToUnits: null, unitPriceMinor: '0.05', flatMinor: '0' },
    ],
  },
})

test.each([
  [STARTER, 0, 2_900n],
  [STARTER, 20_000, 2_900n],
  // A third of a cent rounds down, half a cent up: 3 x 0.15 = 0.45, 4 x 0.15 = 0.6.
  [STARTER, 20_003, 2_900n],
  [STARTER, 20_004, 2_901n],
  [STARTER, 25_000, 2_900n + 750n],
  [SCALE, 1_000_000, 19_900n + 60_000n],
  [SCALE, 1_500_000, 19_900n + 60_000n + 25_000n],
  [FREE, 1_000, 0n],
])('the fee and every tier are added up (case %#)', (plan, units, totalMinor) => {
  expect(estimateBill(plan, units)?.totalMinor).toBe(totalMinor)
})

test('a plan that would refuse some of the units has no bill', () => {
  expect(estimateBill(FREE, 1_001)).toBeNull()
})

test.each([
  [1_000, 'free'],
  [1_001, 'starter'],
  // 29 + 0.0015 x (133,333 - 20,000) = 198.9995, rounded to 199.00: equal, and the first one is named.
  [133_333, 'starter'],
  [133_340, 'scale'],
])('for %i units the cheapest plan is %s', (units, id) => {
  expect(cheapest([FREE, STARTER, SCALE], units)?.id).toBe(id)
})
