import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chargeable } from '#billing/contract'
import { DAY_MS, fromUnixSeconds, type Instant, plusMs, toUnixSeconds } from '#kernel/time'
import { at, PERIOD } from '../workflows/testing/fixtures.ts'
import { type CreditFacts, flatFeeCredit } from './flat-fee-credit.ts'

const facts = (change: Partial<CreditFacts> = {}): CreditFacts => ({
  ...{ flatFeeMinor: 2900n, currency: 'usd', includedUnits: 20_000, usedUnits: 0 },
  ...{ period: PERIOD, at: plusMs(PERIOD.start, 15 * DAY_MS) },
  ...change,
})

test.each<[string, Partial<CreditFacts>, bigint, 'time' | 'units']>([
  ['half the time is left', {}, 1450n, 'time'],
  ['half the time and a quarter of the units are left', { usedUnits: 15_000 }, 725n, 'units'],
  ['all units are used', { usedUnits: 20_000 }, 0n, 'units'],
  ['more than all units are used', { usedUnits: 90_000 }, 0n, 'units'],
  ['units were credited into the period', { usedUnits: -500 }, 1450n, 'time'],
  ['the fee covers no units', { includedUnits: 0, usedUnits: 7 }, 1450n, 'time'],
  ['the period has just begun', { at: PERIOD.start }, 2900n, 'time'],
  ['the period is over', { at: PERIOD.end }, 0n, 'time'],
  ['one second of 30 days is left: rounded up', { at: plusMs(PERIOD.end, -1_000) }, 1n, 'time'],
  ['there is no fee', { flatFeeMinor: 0n }, 0n, 'time'],
  ['fils are charged in tens', { flatFeeMinor: 2990n, currency: 'kwd' }, 1500n, 'time'],
  ['yen have no parts', { flatFeeMinor: 2999n, currency: 'jpy' }, 1500n, 'time'],
])('%s', (_, change, minor, share) => {
  expect(flatFeeCredit(facts(change))).toMatchObject({ minor, share })
})

test('the credit is the smaller share, rounded once and up, and never more than the fee', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10_000_000n }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: -1_000, max: 2_000_000 }),
      fc.integer({ min: PERIOD.start, max: PERIOD.end }),
      fc.constantFrom('usd', 'jpy', 'kwd', 'isk'),
      (fee, includedUnits, usedUnits, now, currency) => {
        const flatFeeMinor = fee * 100n
        const moment = fromUnixSeconds(Math.floor(now / 1_000)) as Instant
        const { minor } = flatFeeCredit({
          ...{ flatFeeMinor, currency, includedUnits, usedUnits, period: PERIOD, at: moment },
        })
        const time =
          (toUnixSeconds(PERIOD.end) - toUnixSeconds(moment)) /
          (toUnixSeconds(PERIOD.end) - toUnixSeconds(PERIOD.start))
        const units =
          includedUnits === 0 ? 1 : Math.max(0, includedUnits - Math.max(0, usedUnits)) / includedUnits
        const exact = Number(flatFeeMinor) * Math.min(time, units)
        expect(Number(minor)).toBeGreaterThanOrEqual(exact - 0.01)
        expect(Number(minor)).toBeLessThan(exact + 100.01)
        expect(minor <= flatFeeMinor && chargeable(minor, currency)).toBe(true)
      },
    ),
  )
})

test('a moment within a second counts as its beginning', () => {
  expect(flatFeeCredit(facts({ at: at('2026-11-25T09:30:00.999Z') })).minor).toBe(1450n)
})
