import { describe, expect, test } from 'vitest'
import { costOf, formatUsd, picodollars } from './money.ts'
import { PRICES, type PriceName } from './prices.ts'

const MILLION = 1_000_000n
const GB = 2n ** 30n
const TB = 1_024n * GB

describe('published arithmetic', () => {
  test.each<[string, PriceName, bigint, string]>([
    // facts of the REST API's price: 3.50, 350 and 3,033.10 USD for one, a hundred and a thousand million requests.
    ['1 M requests', 'restRequests', MILLION, '3.50'],
    ['100 M requests', 'restRequests', 100n * MILLION, '350.00'],
    ['1 B requests', 'restRequests', 1_000n * MILLION, '3,033.10'],
    // 60 TB of Lambda logs a month: 10 × 0.50 + 20 × 0.25 + 20 × 0.10 + 10 × 0.05, times 1,024
    ['60 TB of Lambda logs', 'lambdaLogs', 60n * TB, '12,800.00'],
    // 1 M calls of 300 ms at 512 MB are 150,000 GB-s
    ['150,000 GB-seconds on Graviton', 'lambdaArm', 512n * 300n * MILLION, '2.00'],
    ['a write unit for each of 1 M events', 'tableWrites', MILLION, '0.63'],
    ['10,000 custom metrics', 'metrics', 10_000n, '3,000.00'],
    ['4,000 state transitions', 'transitions', 4_000n, '0.10'],
    ['10,000 people', 'people', 10_000n, '0.00'],
    ['10,001 people, in cents and their halves', 'people', 10_001n, '0.02'],
  ])('%s', (_, price, count, usd) => {
    expect(formatUsd(costOf(PRICES[price], count))).toBe(usd)
  })
})

describe('tiers', () => {
  test.each<[PriceName, bigint]>([
    ['restRequests', 333n * MILLION],
    ['restRequests', 1_000n * MILLION],
    ['restRequests', 20_000n * MILLION],
    ['lambdaLogs', 10n * TB],
    ['lambdaLogs', 50n * TB],
    ['lambdaArm', 7_500_000_000n * 1_024_000n],
  ])('%s: the last thing of a tier costs its price, the next one that of the next tier', (name, boundary) => {
    const { per, tiers } = PRICES[name]
    const at = tiers.findIndex(({ upTo }) => upTo !== null && upTo * per === boundary)
    const step = (from: bigint) => costOf(PRICES[name], from + per) - costOf(PRICES[name], from)
    expect(step(boundary - per)).toBe(picodollars(tiers[at]?.usd ?? ''))
    expect(step(boundary)).toBe(picodollars(tiers[at + 1]?.usd ?? ''))
  })

  test('every price has tiers that rise and a last one without end', () => {
    for (const [name, { tiers }] of Object.entries(PRICES)) {
      const ends = tiers.map(({ upTo }) => upTo)
      expect(ends.at(-1), name).toBeNull()
      const bounded = ends.slice(0, -1).map(Number)
      expect(bounded, name).toEqual(bounded.toSorted((a, b) => a - b))
    }
  })

  test('what is no whole picodollar is rounded once, half up', () => {
    const tiny = { ...PRICES.alarms, per: 2n, tiers: [{ upTo: null, usd: '0.000000000001' }] }
    expect([1n, 2n, 3n, 4n].map(count => costOf(tiny, count))).toEqual([1n, 1n, 2n, 2n])
  })

  test('a count past the last tier is refused', () => {
    const capped = { ...PRICES.alarms, tiers: [{ upTo: 1n, usd: '1' }] }
    expect(() => costOf(capped, 2n)).toThrow(RangeError)
  })
})

describe('amounts', () => {
  test.each([
    ['0.0000133334', 13_333_400n],
    ['3.50', 3_500_000_000_000n],
    ['0', 0n],
  ])('%s USD', (usd, amount) => {
    expect(picodollars(usd)).toBe(amount)
  })

  test.each(['', '-1', '1e3', '1,000', '0.0000000000001', ' 1'])('%j is no price', usd => {
    expect(() => picodollars(usd)).toThrow(RangeError)
  })

  test.each([
    [0n, '0.00'],
    [4_999_999_999n, '0.00'],
    [5_000_000_000n, '0.01'],
    [1_234_567_890_000_000_000n, '1,234,567.89'],
  ])('%s picodollars are shown as %s USD', (amount, text) => {
    expect(formatUsd(amount)).toBe(text)
  })
})
