import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import { createFakeMeter } from '../../workflows/testing/fake-stripe.ts'
import { at, CUSTOMER, PERIOD, paidSegment, starter } from '../../workflows/testing/fixtures.ts'
import { TransientError } from '../failure.ts'
import { listReports } from './outbox.ts'
import { stampIn, summaryWindowOf } from './plan-report.ts'
import { type MeterStripe, reportSegment } from './report-segment.ts'

const segment = paidSegment()
const target = { customerId: CUSTOMER, plan: starter }

/** Throws at the n-th effect, before or after it took place. */
function crashing(table: Table, meter: MeterStripe, crash: { at: number; applied: boolean } | null) {
  let count = 0
  const effect = async <T>(run: () => Promise<T>): Promise<T> => {
    const isNow = crash !== null && count++ === crash.at
    if (isNow && !crash.applied) throw new TransientError('cut off before')
    const result = await run()
    if (isNow) throw new TransientError('cut off after')
    return result
  }
  return {
    billing: {
      ...table,
      put: (...args: Parameters<Table['put']>) => effect(() => table.put(...args)),
      update: (...args: Parameters<Table['update']>) => effect(() => table.update(...args)),
    },
    meter: {
      ...meter,
      sendUsage: (event: Parameters<MeterStripe['sendUsage']>[0]) => effect(() => meter.sendUsage(event)),
    },
  }
}

const run = fc.record({
  owedUnits: fc.integer({ min: 0, max: 100_000 }),
  /** Hours until the next run: beyond 24 an identifier protects no longer. */
  pauseHours: fc.constantFrom(0, 1, 22, 24, 49),
  crash: fc.option(fc.record({ at: fc.integer({ min: 0, max: 7 }), applied: fc.boolean() })),
})

test('wherever reporting is cut off, what Stripe counted in the end is what is owed, each event once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { maxLength: 8 }),
      fc.integer({ min: 0, max: 9_999 }),
      async (runs, lastOwed) => {
        const table = createMemoryTable()
        let now = plusMs(PERIOD.start, HOUR_MS)
        const meter = createFakeMeter(() => now)
        for (const { owedUnits, pauseHours, crash } of runs) {
          await reportSegment(crashing(table, meter, crash), segment, target, owedUnits, now).catch(ignoreCut)
          now = plusMs(now, pauseHours * HOUR_MS)
        }
        const reported = await reportSegment({ billing: table, meter }, segment, target, lastOwed, now)
        expect(reported).toBe(lastOwed)
        expect(await meter.readUsage({ meterId: '', customerId: '', window: summaryWindowOf(PERIOD) })).toBe(
          lastOwed,
        )
        const identifiers = meter.received.map(({ identifier }) => identifier)
        expect(new Set(identifiers).size).toBe(identifiers.length)
      },
    ),
    { numRuns: 300 },
  )
})

test('nothing is written and nothing sent when nothing changed', async () => {
  const table = createMemoryTable()
  const meter = createFakeMeter(() => PERIOD.start)
  await reportSegment({ billing: table, meter }, segment, target, 7, PERIOD.start)
  await reportSegment({ billing: table, meter }, segment, target, 7, plusMs(PERIOD.start, HOUR_MS))
  expect(await listReports(table, segment)).toHaveLength(1)
  expect(meter.received).toHaveLength(1)
})

test('an item that is old and in doubt is not sent while Stripe has neither sum', async () => {
  const table = createMemoryTable()
  let now = plusMs(PERIOD.start, HOUR_MS)
  const meter = createFakeMeter(() => now)
  const broken = crashing(table, meter, { at: 1, applied: false })
  await reportSegment(broken, segment, target, 7, now).catch(ignoreCut)
  now = plusMs(now, 2 * DAY_MS)
  await meter.sendUsage({ eventName: 'x', customerId: 'x', units: 3, identifier: 'foreign', stampAt: now })
  const again = reportSegment({ billing: table, meter }, segment, target, 7, now)
  await expect(again).rejects.toMatchObject({ name: 'ReportStuck' })
  expect(meter.received).toHaveLength(1)
})

describe('stamps', () => {
  const odd = { start: at('2026-11-10T09:30:20.250Z'), end: at('2026-12-10T09:30:40Z') }

  test.each([
    ['the past is moved to the first whole minute', '2026-11-10T09:30:30Z', '2026-11-10T09:31:00Z'],
    ['now is taken, to the second', '2026-11-20T12:34:56.789Z', '2026-11-20T12:34:56Z'],
    ['the last partial minute is left', '2026-12-10T09:30:10Z', '2026-12-10T09:29:59Z'],
    ['after the end it is the last whole minute', '2026-12-11T09:30:00Z', '2026-12-10T09:29:59Z'],
  ])('%s', (_, now, stamp) => {
    expect(stampIn(odd, at(now))).toBe(at(stamp))
  })

  test('a segment without a whole minute is stamped with its first second and read by the minutes it touches', () => {
    const short = { start: at('2026-11-10T09:30:20.250Z'), end: at('2026-11-10T09:31:10Z') }
    expect(stampIn(short, at('2026-11-11T00:00:00Z'))).toBe(at('2026-11-10T09:30:21Z'))
    expect(summaryWindowOf(short)).toEqual({
      start: at('2026-11-10T09:30:00Z'),
      end: at('2026-11-10T09:32:00Z'),
    })
  })

  const instants = fc.integer({ min: PERIOD.start, max: PERIOD.end }) as fc.Arbitrary<Instant>

  test('of a segment that is cut short at any later instant are read, and those of what follows it are not', () => {
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 2 * MINUTE_MS, max: 20 * DAY_MS }),
        fc.integer({ min: 1, max: 2 * MINUTE_MS }),
        fc.integer({ min: 2 * MINUTE_MS, max: 20 * DAY_MS }),
        instants,
        (start, sinceStartMs, untilCutMs, nextMs, nextNow) => {
          const now = plusMs(start, sinceStartMs)
          const stamp = stampIn({ start, end: plusMs(start, 31 * DAY_MS) }, now)
          const cut = { start, end: plusMs(now, untilCutMs) }
          const next = { start: cut.end, end: plusMs(cut.end, nextMs) }
          const [window, nextWindow] = [summaryWindowOf(cut), summaryWindowOf(next)]
          expect(window.start <= stamp && stamp < window.end).toBe(true)
          expect(nextWindow.start <= stamp).toBe(false)
          expect(stampIn(next, nextNow) < window.end).toBe(false)
        },
      ),
    )
  })

  test('every stamp lies in the segment and in the window that is read', () => {
    fc.assert(
      fc.property(
        instants,
        fc.oneof(
          fc.integer({ min: 1_000, max: 3 * MINUTE_MS }),
          fc.integer({ min: 1_000, max: 40 * DAY_MS }),
        ),
        instants,
        (start, length, now) => {
          const one = { start, end: plusMs(start, length) }
          const [stamp, window] = [stampIn(one, now), summaryWindowOf(one)]
          expect(start <= stamp && stamp < one.end && stamp % 1_000 === 0).toBe(true)
          expect(window.start <= stamp && stamp < window.end).toBe(true)
        },
      ),
    )
  })
})

function ignoreCut(error: unknown): void {
  if (!(error instanceof TransientError)) throw error
}
