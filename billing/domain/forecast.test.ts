import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, hourOf, instant, parseInstant, plusMs } from '#kernel/time'
import { forecastUnits } from './forecast.ts'

const NOW = parseInstant('2026-11-21T00:00:00Z')
const segment = { start: parseInstant('2026-11-01T00:00:00Z'), end: parseInstant('2026-12-01T00:00:00Z') }
const hoursAgo = (hours: number) => hourOf(plusMs(NOW, -hours * HOUR_MS))
/** Units of the last days, newest first, each in one hour of its day. */
const history = (...days: number[]) =>
  Object.fromEntries(days.map((units, day) => [hoursAgo(24 * day + 5), { units }]))
const forecast = (given: Partial<Parameters<typeof forecastUnits>[0]>) =>
  forecastUnits({ segment, unitsSoFar: 200, byHour: {}, openedAt: instant(0), now: NOW, ...given })

test('days that are all alike go on like that, without a band', () => {
  const byHour = history(...Array.from({ length: 14 }, () => 10))
  expect(forecast({ byHour })).toEqual({ lowUnits: 300, units: 300, highUnits: 300 })
})

test('the mean of the last two weeks counts, older days do not', () => {
  const byHour = history(...Array.from({ length: 14 }, (_, day) => (day % 2 ? 0 : 20)), 1_000_000)
  expect(forecast({ byHour })?.units).toBe(300)
})

test('a young account is forecast from the days it has', () => {
  const openedAt = plusMs(NOW, -2 * DAY_MS)
  expect(forecast({ byHour: history(30, 10), openedAt })?.units).toBe(400)
  expect(forecast({ openedAt: plusMs(NOW, 1 - DAY_MS) })).toBeNull()
})

test('the hour that begins now belongs to no whole day', () => {
  expect(forecast({ byHour: { [hourOf(NOW)]: { units: 999 } } })?.units).toBe(200)
})

test('at the end of the period nothing is left to guess', () => {
  const byHour = history(5, 500, 50)
  expect(forecast({ byHour, now: segment.end })).toEqual({ lowUnits: 200, units: 200, highUnits: 200 })
})

test('four in five of the months that follow the same law end within the band', () => {
  const random = mulberry32(7)
  const day = () =>
    60 + Math.round(40 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
  let within = 0
  for (let month = 0; month < 2_000; month++) {
    const days = Array.from({ length: 24 }, day)
    const rest = days.slice(14).reduce((sum, units) => sum + units, 0)
    const told = forecast({ unitsSoFar: 0, byHour: history(...days.slice(0, 14)) })
    if (told && told.lowUnits <= rest && rest <= told.highUnits) within++
  }
  expect(within / 2_000).toBeGreaterThan(0.76)
  expect(within / 2_000).toBeLessThan(0.84)
})

test('whatever the days, the band holds the forecast and never falls below what is used', () => {
  const days = fc.array(fc.integer({ min: 0, max: 1e6 }), { maxLength: 14 })
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 1e6 }), (units, unitsSoFar) => {
      const told = forecast({ byHour: history(...units), unitsSoFar })
      const { lowUnits = -1, units: likely = -1, highUnits = -1 } = told ?? {}
      expect(lowUnits).toBeGreaterThanOrEqual(unitsSoFar)
      expect(likely).toBeGreaterThanOrEqual(lowUnits)
      expect(highUnits).toBeGreaterThanOrEqual(likely)
    }),
  )
})

/** A small seeded generator: the same months every time. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
