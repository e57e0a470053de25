import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rate, totalOf, unitsAtCap } from '#billing/contract'
import { DAY_MS, plusMs } from '#kernel/time'
import { NOW, planVersions } from '../procedures/testing/test-deps.ts'
import { type CapFacts, capMinorOf, capSteps, payableUnits } from './spend-cap.ts'

const [, starter] = planVersions
if (!starter) throw new Error('no plan')
const period = { start: NOW, end: plusMs(NOW, 30 * DAY_MS) }
const paid = { usageInvoicePaidAt: plusMs(NOW, -DAY_MS) }
const day = (days: number) => plusMs(NOW, days * DAY_MS)

describe('the cap in force', () => {
  test.each<[string, CapFacts, bigint | null]>([
    ['of a new payer is the plan’s default', {}, 10_000n],
    ['can be lowered by a new payer', { spendCapMinor: '500' }, 500n],
    ['cannot be raised above the default by a new payer', { spendCapMinor: '99999' }, 10_000n],
    ['is not lifted for a new payer who chooses none', { spendCapMinor: null }, 10_000n],
    ['is the customer’s choice once usage was paid', { ...paid, spendCapMinor: '99999' }, 99_999n],
    ['is none by choice once usage was paid', { ...paid, spendCapMinor: null }, null],
    ['is none when nothing was chosen and usage was paid', paid, null],
  ])('%s', (_, account, capMinor) => {
    expect(capMinorOf(account, starter)).toBe(capMinor)
  })

  test('buys the units at which one more would cost more than the cap', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 9n), capMinor => {
        const units = unitsAtCap(starter.usagePrice, capMinor) ?? 0
        expect(totalOf(rate(starter.usagePrice, units)) <= capMinor).toBe(true)
        expect(totalOf(rate(starter.usagePrice, units + 1)) > capMinor).toBe(true)
      }),
    )
  })
})

test('a segment knows the caps that it had, also the end of the default one', () => {
  const account = {
    usageInvoicePaidAt: day(3),
    spendCapChanges: [
      { at: day(-5), capMinor: '3000' },
      { at: day(2), capMinor: '600' },
      { at: day(4), capMinor: null },
      { at: day(40), capMinor: '1' },
    ],
  }
  expect(capSteps(account, starter, period)).toEqual([
    { from: day(0), capUnits: 40_003 },
    { from: day(2), capUnits: 24_003 },
    { from: day(3), capUnits: 24_003 },
    { from: day(4), capUnits: null },
  ])
})

describe('what a segment may owe', () => {
  const payable = (steps: readonly [capUnits: number | null, usedBefore: number][]) =>
    payableUnits(
      steps.map(([capUnits], n) => ({ from: day(n), capUnits })),
      async at => steps[Math.round((at - NOW) / DAY_MS)]?.[1] ?? 0,
    )

  test.each<[string, readonly [number | null, number][], number | null]>([
    ['is its cap', [[50, 0]], 50],
    ['is anything without one', [[null, 0]], null],
    [
      'follows a raised cap',
      [
        [50, 0],
        [80, 53],
      ],
      80,
    ],
    [
      'is what was used when the cap came lower: it forgives nothing',
      [
        [null, 0],
        [50, 1_000],
      ],
      1_000,
    ],
    [
      'is the lower cap where less was used',
      [
        [100, 0],
        [50, 20],
      ],
      50,
    ],
    [
      'does not take in what had slipped past the cap before',
      [
        [50, 0],
        [30, 53],
      ],
      50,
    ],
    [
      'does not take in what slips past a cap below what was used',
      [
        [null, 0],
        [50, 1_000],
        [100, 1_003],
      ],
      1_000,
    ],
    [
      'is anything again once the cap is taken away',
      [
        [50, 0],
        [null, 60],
      ],
      null,
    ],
  ])('%s', async (_, steps, expected) => {
    expect(await payable(steps)).toBe(expected)
  })

  test('is never less than the newest cap and never more than the greatest cap or use', async () => {
    const steps = fc.array(fc.tuple(fc.option(fc.nat(100)), fc.nat(100)), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(steps, async made => {
        const units = await payable(made)
        const newest = made.at(-1)?.[0] ?? null
        if (newest === null) {
          expect(units).toBeNull()
          return
        }
        expect(units).toBeGreaterThanOrEqual(newest)
        expect(units).toBeLessThanOrEqual(Math.max(...made.map(([cap, used]) => Math.max(cap ?? 0, used))))
      }),
    )
  })
})
