import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contains,
  fromUnixSeconds,
  hourOf,
  hoursOf,
  type Instant,
  instant,
  parseInstant,
  startOfHour,
  toIso,
  toUnixSeconds,
  utcMonthOf,
} from './time.ts'

const instants = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }).map(instant)

describe('instants', () => {
  test('survive ISO 8601 and back', () => {
    fc.assert(fc.property(instants, at => parseInstant(toIso(at)) === at))
  })

  test('are read with any zone, and refused without one', () => {
    expect(parseInstant('2026-11-22T02:00:00+02:00')).toBe(parseInstant('2026-11-22T00:00:00Z'))
    for (const text of ['2026-11-22', '2026-11-22T00:00:00', 'now', '2026-13-01T00:00:00Z'])
      expect(() => parseInstant(text)).toThrow(RangeError)
  })

  test('are whole milliseconds', () => {
    expect(() => instant(0.5)).toThrow(RangeError)
    expect(() => instant(Number.NaN)).toThrow(RangeError)
  })

  test('round down to Stripe’s seconds', () => {
    expect(toUnixSeconds(instant(1_999))).toBe(1)
    expect(fromUnixSeconds(2)).toBe(2_000)
  })
})

describe('periods', () => {
  test('contain their start and not their end', () => {
    const [start, end] = [instant(10), instant(20)]
    expect([9, 10, 19, 20].map(at => contains({ start, end }, instant(at)))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('touch exactly the hours in which they have an instant', () => {
    const period = (start: string, end: string) => ({ start: parseInstant(start), end: parseInstant(end) })
    expect(hoursOf(period('2026-11-22T14:59:59Z', '2026-11-22T16:00:00Z'))).toEqual([
      '2026-11-22T14',
      '2026-11-22T15',
    ])
    expect(hoursOf(period('2026-11-22T14:00:00Z', '2026-11-22T14:00:00Z'))).toEqual([])
    fc.assert(
      fc.property(instants, fc.nat(10 * 3_600_000), fc.nat(10 * 3_600_000), (start, length, offset) => {
        const end = (start + length) as Instant
        const at = (start + offset) as Instant
        if (contains({ start, end }, at)) expect(hoursOf({ start, end })).toContain(hourOf(at))
      }),
    )
  })

  test('an hour starts at its name', () => {
    fc.assert(
      fc.property(instants, at => {
        const start = startOfHour(hourOf(at))
        expect(start <= at && at - start < 3_600_000).toBe(true)
      }),
    )
  })

  test('a UTC month contains its instant and ends where the next begins', () => {
    fc.assert(
      fc.property(instants, at => {
        const month = utcMonthOf(at)
        expect(contains(month, at)).toBe(true)
        expect(utcMonthOf(month.end).start).toBe(month.end)
      }),
    )
    expect(toIso(utcMonthOf(parseInstant('2026-12-31T23:59:59.999Z')).end)).toBe('2027-01-01T00:00:00.000Z')
  })
})
