import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DECIMAL_SCALE } from './decimal.ts'
import { type Rateable, ratePrice as ratePriceOf } from './rate-price.ts'
import type { Price, PriceTier } from './wire.ts'

const DOLLARS = 100

/** Rates whole units. */
const ratePrice = (of: Rateable, units: bigint) => ratePriceOf(of, units * DECIMAL_SCALE)

function tier(upTo: number | null, unit: string | null, flat: number | null = null): PriceTier {
  return {
    up_to: upTo,
    unit_amount: null,
    unit_amount_decimal: unit,
    flat_amount: flat,
    flat_amount_decimal: flat === null ? null : String(flat),
  }
}

function rateable(mode: 'graduated' | 'volume', tiers: PriceTier[]): Rateable {
  return {
    price: price({ billing_scheme: 'tiered', tiers_mode: mode }),
    tiers,
    productName: 'API',
    unitLabel: 'call',
  }
}

function price(fields: Partial<Price>): Price {
  return {
    id: 'price_1',
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: 0,
    currency: 'usd',
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: 'prod_1',
    recurring: {
      interval: 'month',
      interval_count: 1,
      meter: 'mtr',
      trial_period_days: null,
      usage_type: 'metered',
    },
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'recurring',
    unit_amount: null,
    unit_amount_decimal: null,
    ...fields,
  }
}

const total = (of: Rateable, quantity: bigint) =>
  ratePrice(of, quantity).reduce((sum, line) => sum + line.amount, 0)

// https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
describe('documented tier examples', () => {
  const perUnit = [tier(5, '700'), tier(10, '650'), tier(null, '600')]
  test.each([
    [1n, 7, 7],
    [5n, 35, 35],
    [6n, 39, 41.5],
    [20n, 120, 127.5],
    [25n, 150, 157.5],
  ])('%s units cost %s dollars by volume and %s graduated', (quantity, volume, graduated) => {
    expect(total(rateable('volume', perUnit), quantity)).toBe(volume * DOLLARS)
    expect(total(rateable('graduated', perUnit), quantity)).toBe(graduated * DOLLARS)
  })

  const withFlat = [
    tier(5, '500', 1000),
    tier(10, '400', 2000),
    tier(15, '300', 3000),
    tier(20, '200', 4000),
    tier(null, '100', 5000),
  ]
  test.each([
    [12n, 66, 111],
    [0n, 10, 10],
  ])(
    '%s units with flat amounts cost %s dollars by volume and %s graduated',
    (quantity, volume, graduated) => {
      expect(total(rateable('volume', withFlat), quantity)).toBe(volume * DOLLARS)
      expect(total(rateable('graduated', withFlat), quantity)).toBe(graduated * DOLLARS)
    },
  )

  test('a package price rounds the packages up', () => {
    const hourly = price({ unit_amount_decimal: '1000', transform_quantity: { divide_by: 60, round: 'up' } })
    expect(total({ price: hourly, tiers: [], productName: 'API', unitLabel: null }, 150n)).toBe(30 * DOLLARS)
  })

  test('half a minor unit on a line rounds up', () => {
    const of: Rateable = {
      price: price({ unit_amount_decimal: '0.05' }),
      tiers: [],
      productName: 'API',
      unitLabel: null,
    }
    expect(total(of, 30n)).toBe(2)
  })
})

test('a graduated price makes one line per tier and one per flat amount, as a real invoice shows them', () => {
  const tiers = [tier(1000, '0', 900), tier(null, '3.6', 0)]
  const lines = ratePrice(rateable('graduated', tiers), 1031n)
  expect(lines.map(line => [line.description, Number(line.quantity / DECIMAL_SCALE), line.amount])).toEqual([
    ['1000 call × API (Tier 1 at $0.00 / month)', 1000, 0],
    ['API (Tier 1 at $9.00 / month)', 0, 900],
    ['31 call × API (Tier 2 at $0.036 / month)', 31, 112],
    ['API (Tier 2 at $0.00 / month)', 0, 0],
  ])
})

test('no usage still shows the first tier, and a negative quantity counts as none', () => {
  const of = rateable('graduated', [tier(10, '0'), tier(null, '5')])
  expect(ratePrice(of, 0n).map(line => [line.description, line.amount])).toEqual([
    ['0 call × API (Tier 1 at $0.00 / month)', 0],
  ])
  expect(ratePrice(of, -40n)).toEqual(ratePrice(of, 0n))
})

test('each tier line is rounded on its own before the sum', () => {
  const half = [tier(1, '0.5'), tier(2, '0.5'), tier(null, '0.5')]
  expect(total(rateable('graduated', half), 3n)).toBe(3)
})

test('a graduated total is the sum of lines computed one unit at a time', () => {
  const tiersOf = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 9_999 })), {
      minLength: 1,
      maxLength: 5,
    })
    .map(parts => {
      let top = 0
      return parts.map(([width, thousandths], index) => {
        top += width
        return { top: index === parts.length - 1 ? Number.POSITIVE_INFINITY : top, thousandths }
      })
    })
  fc.assert(
    fc.property(tiersOf, fc.integer({ min: 0, max: 250 }), (parts, quantity) => {
      const tiers = parts.map(part =>
        tier(
          Number.isFinite(part.top) ? part.top : null,
          `${Math.floor(part.thousandths / 1000)}.${String(part.thousandths % 1000).padStart(3, '0')}`,
        ),
      )
      const sums = parts.map(() => 0)
      for (let unit = 1; unit <= quantity; unit += 1) {
        const index = parts.findIndex(part => unit <= part.top)
        sums[index] = (sums[index] ?? 0) + (parts[index]?.thousandths ?? 0)
      }
      const expected = sums.reduce((sum, thousandths) => sum + Math.floor((thousandths + 500) / 1000), 0)
      expect(total(rateable('graduated', tiers), BigInt(quantity))).toBe(expected)
    }),
  )
})
