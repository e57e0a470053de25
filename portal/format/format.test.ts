import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import { instant, parseInstant } from '#kernel/time'
import { ticksFor } from '../components/chart.tsx'
import { SCALE, STARTER } from '../testing/fake-services.ts'
import { formatAxis, formatShare, formatUnits } from './numbers.ts'
import { describePlan, describeTiers, formatAmount, formatFee } from './prices.ts'
import { formatAgo, formatDuration, formatPeriod, formatPeriodExactly } from './time.ts'

test('amounts are exact, and a round fee loses its zeros only in headlines', () => {
  expect(formatAmount('2900', 'usd')).toBe('$29.00')
  expect(formatAmount('900719925474099312345', 'usd')).toBe('$9,007,199,254,740,993,123.45')
  expect([formatFee('2900', 'usd'), formatFee('2950', 'usd'), formatFee('0', 'usd')]).toEqual([
    '$29',
    '$29.50',
    '$0',
  ])
})

test('tiers say up to where a price holds', () => {
  expect(describeTiers(SCALE)).toEqual([
    'to 250,000: included',
    'to 1,000,000: $0.80 per 1,000 checks',
    'beyond: $0.50 per 1,000 checks',
  ])
  expect(describePlan(STARTER)[1]).toBe('Then $1.50 per 1,000 checks')
})

test.each<[string, PlanVersion['usagePrice'], string[]]>([
  ['per unit', { model: 'per_unit', unitPriceMinor: '2' }, ['all: $0.02 per check']],
  [
    'by the package',
    { model: 'package', packageUnits: 1_000, packagePriceMinor: '150' },
    ['all: $1.50 per 1,000 checks, a begun package paid whole'],
  ],
  [
    'by volume with fees',
    {
      model: 'volume',
      tiers: [
        { upToUnits: 10, unitPriceMinor: '0', flatMinor: '500' },
        { upToUnits: null, unitPriceMinor: '40', flatMinor: '0' },
      ],
    },
    ['to 10: $5.00 for all units', 'beyond: $0.40 per check for all units'],
  ],
])('a price %s says how it is counted', (_name, usagePrice, lines) => {
  expect(describeTiers({ ...STARTER, usagePrice })).toEqual(lines)
})

test('periods name the year once, unless it changes', () => {
  const from = (start: string, end: string) => ({ start: parseInstant(start), end: parseInstant(end) })
  const november = from('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')
  expect(formatPeriod(november)).toBe('1 Nov – 1 Dec 2026')
  expect(formatPeriod(from('2026-12-22T14:03:07Z', '2027-01-22T14:03:07Z'))).toBe('22 Dec 2026 – 22 Jan 2027')
  expect(formatPeriodExactly(november)).toBe('1 Nov 2026, 00:00:00 – 1 Dec 2026, 00:00:00 UTC')
})

test('ages are rounded down and never negative', () => {
  expect([0, 999, 59_999, 60_000, 3_599_999, 172_800_000].map(formatDuration)).toEqual([
    '0 s',
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '2 d',
  ])
  expect(formatAgo(instant(5_000), instant(4_000))).toBe('just now')
})

test('something is never shown as nothing, and not everything never as everything', () => {
  expect([
    formatShare(0, 0),
    formatShare(1, 100_000),
    formatShare(99_999, 100_000),
    formatShare(1, 4),
  ]).toEqual(['0 %', '< 0.1 %', '> 99.9 %', '25.0 %'])
  expect([formatUnits(1, 'check'), formatUnits(0, 'check'), formatAxis(2_500), formatAxis(1e6)]).toEqual([
    '1 check',
    '0 checks',
    '2.5k',
    '1M',
  ])
})

test('an axis starts at zero, rises evenly in whole numbers, reaches the greatest value and wastes under half', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), greatest => {
      const ticks = ticksFor(greatest)
      const step = ticks[1] ?? 0
      expect(ticks.every((tick, i) => Number.isInteger(tick) && tick === i * step)).toBe(true)
      const top = ticks.at(-1) ?? 0
      expect(top).toBeGreaterThanOrEqual(greatest)
      expect(ticks.length).toBeLessThanOrEqual(6)
      if (greatest > 0) expect(top - greatest).toBeLessThan(step)
    }),
  )
})
