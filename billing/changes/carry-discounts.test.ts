import { describe, expect, test } from 'vitest'
import type { Discount } from '#billing/contract'
import { parseInstant as at } from '#kernel/time'
import { carryDiscounts, couponTerms, discountLines } from './carry-discounts.ts'

const NOW = at('2026-11-25T12:00:00Z')
const discount = (change: Partial<Discount>): Discount => ({
  ...{ discountId: 'di_1', name: '20 % off', percentOff: 20, amountOffMinor: null },
  ...{ duration: 'forever', months: null, endsAt: null },
  ...change,
})

describe('of a discount that runs', () => {
  test.each([
    ['forever, all is left', { duration: 'forever' }, [null]],
    ['for months, each that has begun is left', { endsAt: at('2027-01-10T09:00:00Z') }, [2]],
    ['for months, exactly those are left', { endsAt: at('2027-01-25T12:00:00Z') }, [2]],
    ['for a last hour, a month is left', { endsAt: at('2026-11-25T13:00:00Z') }, [1]],
    ['no longer, nothing is left', { endsAt: NOW }, []],
    ['for one invoice, nothing is left: the old plan’s last invoice has it', { duration: 'once' }, []],
  ] as const)('%s', (_, change, months) => {
    expect(carryDiscounts([discount(change)], NOW).map(carried => carried.months)).toEqual(months)
  })
})

test('discounts are taken off one after the other, rounded half up, and never below nothing', () => {
  const carried = carryDiscounts(
    [
      discount({ percentOff: 12.5 }),
      discount({ percentOff: null, amountOffMinor: '1000' }),
      discount({ percentOff: null, amountOffMinor: '9999' }),
    ],
    NOW,
  )
  // 12.5 % of 2,900 is 362.5.
  expect(discountLines(2_900n, carried).map(line => line.amountMinor)).toEqual(['-363', '-1000', '-1537'])
  expect(discountLines(-5n, carried).map(line => line.amountMinor)).toEqual(['0', '0', '0'])
})

test('the coupon of a change is the same whenever it is asked for, and another one for another change', () => {
  const [carried] = carryDiscounts([discount({ endsAt: at('2027-01-10T09:00:00Z') })], NOW)
  if (!carried) throw new Error('nothing was carried')
  const terms = couponTerms(carried, 'claim_1', 'usd')
  expect(terms).toMatchObject({ percentOff: 20, duration: 'repeating', months: 2, name: '20 % off' })
  expect(couponTerms(carried, 'claim_1', 'usd')).toEqual(terms)
  expect(couponTerms(carried, 'claim_2', 'usd').id).not.toBe(terms.id)
})
