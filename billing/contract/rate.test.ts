import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tier, UsagePrice } from '#billing/contract'
import { rate, totalOf, unitsAtCap } from './rate.ts'

const tier = (upToUnits: number | null, unitPriceMinor: string, flatMinor = '0'): Tier => ({
  upToUnits,
  unitPriceMinor,
  flatMinor,
})
const graduated = (...tiers: Tier[]): UsagePrice => ({ model: 'graduated', tiers })
const volume = (...tiers: Tier[]): UsagePrice => ({ model: 'volume', tiers })
const perUnit = (unitPriceMinor: string): UsagePrice => ({ model: 'per_unit', unitPriceMinor })
const packages = (packageUnits: number, packagePriceMinor: string): UsagePrice => ({
  model: 'package',
  packageUnits,
  packagePriceMinor,
})
const amounts = (price: UsagePrice, units: number) =>
  rate(price, units).map(({ quantityUnits, amountMinor }) => [quantityUnits, amountMinor])

const discount = [tier(5, '700'), tier(10, '650'), tier(null, '600')]
const withFees = [
  tier(5, '500', '1000'),
  tier(10, '400', '2000'),
  tier(15, '300', '3000'),
  tier(20, '200', '4000'),
  tier(null, '100', '5000'),
]
const tenThousand = [tier(10_000, '50'), tier(null, '40')]
const includedThenOverage = graduated(tier(100_000, '0'), tier(null, '0.1'))
const starter = graduated(tier(20_000, '0'), tier(null, '0.15'))
const scale = graduated(tier(250_000, '0'), tier(1_000_000, '0.08'), tier(null, '0.05'))

describe('examples of Stripe', () => {
  test.each([
    ...[
      [1, 700n, 700n],
      [5, 3_500n, 3_500n],
      [6, 3_900n, 4_150n],
      [20, 12_000n, 12_750n],
      [25, 15_000n, 15_750n],
    ].flatMap(([units, byVolume, byTier]): [string, UsagePrice, number, bigint][] => [
      [`volume, ${units} units`, volume(...discount), Number(units), BigInt(byVolume ?? 0)],
      [`graduated, ${units} units`, graduated(...discount), Number(units), BigInt(byTier ?? 0)],
    ]),
    ['volume with fees, 12 units', volume(...withFees), 12, 6_600n],
    ['graduated with fees, 12 units', graduated(...withFees), 12, 11_100n],
    ['volume with fees, no usage', volume(...withFees), 0, 1_000n],
    ['graduated with fees, no usage', graduated(...withFees), 0, 1_000n],
    ["volume at a tier's end", volume(...tenThousand), 10_000, 500_000n],
    ['volume just beyond it', volume(...tenThousand), 10_001, 400_040n],
    ['150 minutes at 10 USD an hour, begun hours whole', packages(60, '1000'), 150, 3_000n],
    ['flat fee with overage, at the allowance', includedThenOverage, 100_000, 0n],
    ['flat fee with overage, beyond it', includedThenOverage, 150_000, 5_000n],
    ['a fraction of a cent: 30 × 0.05', perUnit('0.05'), 30, 2n],
    ['before a price change: 1,000 at 0.10 USD per 100', perUnit('0.1'), 1_000, 100n],
    ['after a price change: 500 at 0.15 USD per 100', perUnit('0.15'), 500, 75n],
    ['10 USD per 10 GB, 100 GB', perUnit('100'), 100, 10_000n],
    ['10 USD per 10 GB, 150 GB', perUnit('100'), 150, 15_000n],
    ['100 USD are 200 units in the first tier', graduated(...tenThousand), 200, 10_000n],
    ['and 250 units in the second', graduated(...tenThousand), 10_250, 510_000n],
  ] satisfies [string, UsagePrice, number, bigint][])('%s', (_, price, units, totalMinor) => {
    expect(totalOf(rate(price, units))).toBe(totalMinor)
  })

  test('an invoice with a line per tier and one per fee: 1,031 units at 9 USD for 1,000, then 3.6 cents', () => {
    expect(rate(graduated(tier(1_000, '0', '900'), tier(null, '3.6')), 1_031)).toEqual([
      { kind: 'units', tierIndex: 0, quantityUnits: 1_000, unitPriceMinor: '0', amountMinor: 0n },
      { kind: 'flat', tierIndex: 0, quantityUnits: 0, unitPriceMinor: '900', amountMinor: 900n },
      { kind: 'units', tierIndex: 1, quantityUnits: 31, unitPriceMinor: '3.6', amountMinor: 112n },
    ])
  })
})

describe('rating', () => {
  test('each line is rounded on its own, half up, before the sum', () => {
    const halves = graduated(tier(1, '0.5'), tier(2, '0.5'), tier(null, '0.5'))
    expect(amounts(halves, 3)).toEqual([
      [1, 1n],
      [1, 1n],
      [1, 1n],
    ])
    expect(totalOf(rate(perUnit('0.5'), 3))).toBe(2n)
  })

  test('just below half a minor unit is rounded down', () => {
    expect(totalOf(rate(perUnit('0.499999999999'), 1))).toBe(0n)
    expect(totalOf(rate(perUnit('0.5'), 1))).toBe(1n)
  })

  test.each([0, -3])('%d units are one zero line of the first tier', units => {
    expect(amounts(starter, units)).toEqual([[0, 0n]])
  })

  test('the last unit of a tier is in it and the next one is not', () => {
    expect(amounts(starter, 20_000)).toEqual([[20_000, 0n]])
    expect(amounts(starter, 20_001)).toEqual([
      [20_000, 0n],
      [1, 0n],
    ])
    expect(amounts(scale, 1_000_001)).toEqual([
      [250_000, 0n],
      [750_000, 60_000n],
      [1, 0n],
    ])
  })

  test('25,000 units on Starter cost 7.50 USD beyond the flat fee', () => {
    expect(totalOf(rate(starter, 25_000))).toBe(750n)
  })

  test('packages are one line at the price of a package', () => {
    expect(rate(packages(60, '1000'), 61)).toEqual([
      { kind: 'package', tierIndex: 0, quantityUnits: 61, unitPriceMinor: '1000', amountMinor: 2_000n },
    ])
  })

  test('what is not a whole number of units, or lies beyond every tier, is refused', () => {
    expect(() => rate(starter, 1.5)).toThrow('not a quantity')
    expect(() => rate(starter, 2 ** 53)).toThrow('not a quantity')
    expect(() => rate(graduated(tier(10, '1')), 11)).toThrow(RangeError)
    expect(() => rate(volume(tier(10, '1')), 11)).toThrow(RangeError)
  })
})

const arbitraryUnitPrice = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.stringMatching(/^\d{0,12}$/))
  .map(([whole, fraction]) => (fraction ? `${whole}.${fraction}` : `${whole}`))
const arbitraryFee = fc.oneof(fc.constant('0'), fc.integer({ min: 1, max: 20_000 }).map(String))
const arbitraryTiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 4 }),
    fc.array(fc.tuple(arbitraryUnitPrice, arbitraryFee), { minLength: 5, maxLength: 5 }),
  )
  .map(([ends, prices]): Tier[] =>
    [...ends.sort((a, b) => a - b), null].map((end, i) => tier(end, ...(prices[i] ?? ['0', '0']))),
  )
const arbitraryPrice: fc.Arbitrary<UsagePrice> = fc.oneof(
  arbitraryTiers.map(tiers => graduated(...tiers)),
  arbitraryTiers.map(tiers => volume(...tiers)),
  arbitraryUnitPrice.map(perUnit),
  fc.tuple(fc.integer({ min: 2, max: 90 }), arbitraryFee).map(([units, fee]) => packages(units, fee)),
)
const arbitraryUnits = fc.integer({ min: 0, max: 900 })

describe('properties', () => {
  test('a rated quantity equals a unit-by-unit oracle on fractions', () => {
    fc.assert(
      fc.property(arbitraryPrice, arbitraryUnits, (price, units) => {
        expect(amounts(price, units)).toEqual(oracle(price, units))
      }),
      { numRuns: 400 },
    )
  })

  test('more units never cost less, except by volume', () => {
    const rising = arbitraryPrice.filter(price => price.model !== 'volume')
    fc.assert(
      fc.property(rising, arbitraryUnits, (price, units) => {
        expect(totalOf(rate(price, units + 1)) >= totalOf(rate(price, units))).toBe(true)
      }),
    )
  })

  test('the lines hold every unit once', () => {
    fc.assert(
      fc.property(arbitraryPrice, arbitraryUnits, (price, units) => {
        expect(rate(price, units).reduce((sum, line) => sum + line.quantityUnits, 0)).toBe(units)
      }),
    )
  })

  test('units that fill tiers from their start cost what the tiers cost alone', () => {
    fc.assert(
      fc.property(arbitraryUnitPrice, arbitraryUnitPrice, arbitraryUnits, (below, above, units) => {
        const split = graduated(tier(500, below), tier(null, above))
        const alone = totalOf(rate(perUnit(below), 500)) + totalOf(rate(perUnit(above), units))
        expect(totalOf(rate(split, 500 + units))).toBe(
          units === 0 ? totalOf(rate(perUnit(below), 500)) : alone,
        )
      }),
    )
  })

  test('units at a cap, and all fewer ones, are within it, and one more is not', () => {
    fc.assert(
      fc.property(arbitraryPrice, fc.bigInt({ min: 0n, max: 60_000n }), (price, capMinor) => {
        const units = unitsAtCap(price, capMinor)
        const searched = 2_000
        const firstAbove = Array.from({ length: searched }, (_, n) => n).find(
          n => totalOf(rate(price, n)) > capMinor,
        )
        if (firstAbove !== undefined) expect(units).toBe(Math.max(0, firstAbove - 1))
        else if (units !== null) {
          expect(units).toBeGreaterThanOrEqual(searched - 1)
          expect(totalOf(rate(price, units)) <= capMinor).toBe(true)
          if (units < Number.MAX_SAFE_INTEGER) expect(totalOf(rate(price, units + 1)) > capMinor).toBe(true)
        } else expect(totalOf(rate(price, 1_000_000_000_000)) <= capMinor).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

test.each([
  ['100 USD on Starter', starter, 10_000n, 86_669],
  ['nothing on Starter', starter, 0n, 20_003],
  ['less than nothing', starter, -1n, 0],
  ['at most the price of a whole tier', graduated(tier(5, '700'), tier(null, '0')), 3_499n, 4],
  ['the price of everything', graduated(tier(5, '700'), tier(null, '0')), 3_500n, null],
  ['less than the fee of the next tier', graduated(tier(5, '1'), tier(null, '1', '100')), 104n, 5],
  ['the fee of the next tier and two units', graduated(tier(5, '1'), tier(null, '1', '100')), 107n, 7],
  ['a volume price that falls beyond a dear unit', volume(tier(5, '700'), tier(null, '1')), 3_499n, 4],
  ['the fee of a volume tier whose units are free', volume(tier(5, '1'), tier(null, '0', '9')), 9n, null],
  ['just a whole volume tier, and the next is cheaper', volume(tier(10, '1'), tier(null, '0.5')), 10n, 20],
  ['less than a unit beyond a free volume tier', volume(tier(10, '0'), tier(null, '1')), 5n, 10],
  ['less than nothing of what costs nothing', perUnit('0'), -1n, 0],
  [
    'less than a fee before units that round to nothing',
    graduated(tier(5, '1'), tier(null, '0.001', '9')),
    13n,
    5,
  ],
  ['the same by volume', volume(tier(5, '1'), tier(null, '0.001', '9')), 8n, 5],
  ['two and a half packages', packages(60, '1000'), 2_500n, 120],
  ['a package that costs nothing', packages(60, '0'), 0n, null],
  ['more units than can be counted', perUnit('0.000000000001'), 10n ** 18n, Number.MAX_SAFE_INTEGER],
] satisfies [string, UsagePrice, bigint, number | null][])(
  'units at a cap of %s',
  (_, price, capMinor, units) => {
    expect(unitsAtCap(price, capMinor)).toBe(units)
  },
)

/** Slow and obvious: each unit looks for its tier, amounts are reduced fractions whose first decimal rounds them. */
function oracle(price: UsagePrice, units: number): [number, bigint][] {
  if (price.model === 'per_unit') return [[units, times(price.unitPriceMinor, units)]]
  if (price.model === 'package') {
    let bought = 0
    while (bought * price.packageUnits < units) bought++
    return [[units, times(price.packagePriceMinor, bought)]]
  }
  const tierOf = (unit: number) =>
    price.tiers.find(({ upToUnits }) => upToUnits === null || unit <= upToUnits)
  const counts = new Map<Tier | undefined, number>([[tierOf(price.model === 'volume' ? units : 1), 0]])
  for (let unit = 1; unit <= units; unit++) {
    const found = tierOf(price.model === 'volume' ? units : unit)
    counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  return [...counts].flatMap(([found, count]): [number, bigint][] => {
    const line: [number, bigint] = [count, times(found?.unitPriceMinor ?? '', count)]
    return found?.flatMinor === '0' ? [line] : [line, [0, times(found?.flatMinor ?? '', 1)]]
  })
}

function times(priceMinor: string, count: number): bigint {
  const decimals = priceMinor.split('.')[1]?.length ?? 0
  let numerator = BigInt(count) * BigInt(priceMinor.replace('.', ''))
  let denominator = BigInt(`1${'0'.repeat(decimals)}`)
  for (const prime of [2n, 5n])
    while (numerator % prime === 0n && denominator % prime === 0n) {
      numerator /= prime
      denominator /= prime
    }
  const firstDecimal = ((numerator * 10n) / denominator) % 10n
  return numerator / denominator + (firstDecimal >= 5n ? 1n : 0n)
}
