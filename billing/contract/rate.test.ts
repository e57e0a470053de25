import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tier } from '#billing/contract'
import { rate, totalOf, unitsAtCap } from './rate.ts'

const tier = (upToUnits: number | null, unitPriceMinor: string): Tier => ({ upToUnits, unitPriceMinor })
const amounts = (tiers: readonly Tier[], units: number) =>
  rate(tiers, units).map(({ quantityUnits, amountMinor }) => [quantityUnits, amountMinor])

const volumeDiscount = [tier(5, '700'), tier(10, '650'), tier(null, '600')]
const includedThenOverage = [tier(100_000, '0'), tier(null, '0.1')]
const starter = [tier(20_000, '0'), tier(null, '0.15')]
const scale = [tier(250_000, '0'), tier(1_000_000, '0.08'), tier(null, '0.05')]

describe('examples of Stripe', () => {
  test.each([
    ['graduated, 1 unit', volumeDiscount, 1, 700n],
    ['graduated, 5 units', volumeDiscount, 5, 3_500n],
    ['graduated, 6 units', volumeDiscount, 6, 4_150n],
    ['graduated, 20 units', volumeDiscount, 20, 12_750n],
    ['graduated, 25 units', volumeDiscount, 25, 15_750n],
    ['flat fee with overage, at the allowance', includedThenOverage, 100_000, 0n],
    ['flat fee with overage, beyond it', includedThenOverage, 150_000, 5_000n],
    ['a fraction of a cent: 30 × 0.05', [tier(null, '0.05')], 30, 2n],
    ['before a price change: 1,000 at 0.10 USD per 100', [tier(null, '0.1')], 1_000, 100n],
    ['after a price change: 500 at 0.15 USD per 100', [tier(null, '0.15')], 500, 75n],
    ['10 USD per 10 GB, 100 GB', [tier(null, '100')], 100, 10_000n],
    ['10 USD per 10 GB, 150 GB', [tier(null, '100')], 150, 15_000n],
    ['100 USD are 200 units in the first tier', [tier(10_000, '50'), tier(null, '40')], 200, 10_000n],
    ['and 250 units in the second', [tier(10_000, '50'), tier(null, '40')], 10_250, 510_000n],
  ])('%s', (_, tiers, units, totalMinor) => {
    expect(totalOf(rate(tiers, units))).toBe(totalMinor)
  })

  test('an invoice with a line per tier: 1,031 units at 0 and 3.6 cents', () => {
    expect(rate([tier(1_000, '0'), tier(null, '3.6')], 1_031)).toEqual([
      { tierIndex: 0, quantityUnits: 1_000, unitPriceMinor: '0', amountMinor: 0n },
      { tierIndex: 1, quantityUnits: 31, unitPriceMinor: '3.6', amountMinor: 112n },
    ])
  })
})

describe('rating', () => {
  test('each line is rounded on its own, half up, before the sum', () => {
    const halves = [tier(1, '0.5'), tier(2, '0.5'), tier(null, '0.5')]
    expect(amounts(halves, 3)).toEqual([
      [1, 1n],
      [1, 1n],
      [1, 1n],
    ])
    expect(totalOf(rate([tier(null, '0.5')], 3))).toBe(2n)
  })

  test('just below half a minor unit is rounded down', () => {
    expect(totalOf(rate([tier(null, '0.499999999999')], 1))).toBe(0n)
    expect(totalOf(rate([tier(null, '0.5')], 1))).toBe(1n)
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

  test('what is not a whole number of units, or lies beyond every tier, is refused', () => {
    expect(() => rate(starter, 1.5)).toThrow(RangeError)
    expect(() => rate([tier(10, '1')], 11)).toThrow(RangeError)
  })
})

const arbitraryPrice = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.stringMatching(/^\d{0,12}$/))
  .map(([whole, fraction]) => (fraction ? `${whole}.${fraction}` : `${whole}`))
const arbitraryTiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 4 }),
    fc.array(arbitraryPrice, { minLength: 5, maxLength: 5 }),
  )
  .map(([ends, prices]): Tier[] =>
    [...ends.sort((a, b) => a - b), null].map((end, i) => tier(end, prices[i] ?? '0')),
  )
const arbitraryUnits = fc.integer({ min: 0, max: 900 })

describe('properties', () => {
  test('a rated quantity equals a unit-by-unit oracle on fractions', () => {
    fc.assert(
      fc.property(arbitraryTiers, arbitraryUnits, (tiers, units) => {
        expect(amounts(tiers, units)).toEqual(oracle(tiers, units))
      }),
    )
  })

  test('more units never cost less, and the lines hold every unit', () => {
    fc.assert(
      fc.property(arbitraryTiers, arbitraryUnits, (tiers, units) => {
        const [less, more] = [rate(tiers, units), rate(tiers, units + 1)]
        expect(totalOf(more) >= totalOf(less)).toBe(true)
        expect(less.reduce((sum, line) => sum + line.quantityUnits, 0)).toBe(units)
      }),
    )
  })

  test('units at a cap are within it, and one more is not', () => {
    fc.assert(
      fc.property(arbitraryTiers, fc.bigInt({ min: 0n, max: 100_000n }), (tiers, capMinor) => {
        const units = unitsAtCap(tiers, capMinor)
        const reached = units ?? 1_000_000_000
        expect(totalOf(rate(tiers, reached)) <= capMinor).toBe(true)
        if (units === null) expect(tiers.at(-1)?.unitPriceMinor).toMatch(/^0(\.0+)?$/)
        else if (units < Number.MAX_SAFE_INTEGER)
          expect(totalOf(rate(tiers, units + 1)) > capMinor).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

test.each([
  ['100 USD on Starter', starter, 10_000n, 86_669],
  ['nothing on Starter', starter, 0n, 20_003],
  ['less than nothing', starter, -1n, 0],
  ['at most the price of a whole tier', [tier(5, '700'), tier(null, '0')], 3_499n, 4],
  ['the price of everything', [tier(5, '700'), tier(null, '0')], 3_500n, null],
])('units at a cap of %s', (_, tiers, capMinor, units) => {
  expect(unitsAtCap(tiers, capMinor)).toBe(units)
})

/** Slow and obvious: each unit looks for its tier, a line is a reduced fraction, and its first decimal rounds it. */
function oracle(tiers: readonly Tier[], units: number): [number, bigint][] {
  const counts = new Map<Tier, number>()
  for (let unit = 1; unit <= units; unit++) {
    const found = tiers.find(({ upToUnits }) => upToUnits === null || unit <= upToUnits)
    if (found) counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  if (counts.size === 0) return [[0, 0n]]
  return [...counts].map(([{ unitPriceMinor }, count]) => {
    const decimals = unitPriceMinor.split('.')[1]?.length ?? 0
    let numerator = BigInt(count) * BigInt(unitPriceMinor.replace('.', ''))
    let denominator = BigInt(`1${'0'.repeat(decimals)}`)
    for (const prime of [2n, 5n])
      while (numerator % prime === 0n && denominator % prime === 0n) {
        numerator /= prime
        denominator /= prime
      }
    const firstDecimal = ((numerator * 10n) / denominator) % 10n
    return [count, numerator / denominator + (firstDecimal >= 5n ? 1n : 0n)]
  })
}
