import { DAY_MS, type Hour, type Instant, type Period, startOfHour } from '#kernel/time'
import type { Tally } from './fold.ts'

/** Units at the end of a period: what is likely, and a band that holds four times in five. */
export type Forecast = { readonly lowUnits: number; readonly units: number; readonly highUnits: number }

/** Days that are looked back on: two weeks hold every weekday twice. */
export const HISTORY_DAYS = 14
/** A normal deviate lies within ± 1.28 of its mean four times in five. */
const FOUR_IN_FIVE = 1.2816

/**
 * Where a period will end if the days that remain are like the last ones: units so far plus the mean of the last whole
 * days (at most 14, 24 hours each, back from `now`) for each day that remains. The band is the prediction interval of that
 * sum: it widens with the spread of the days, with the time that remains, and when few days are known. Null until one
 * whole day is known. An estimate in units; what it costs is rated exactly.
 */
export function forecastUnits(facts: {
  readonly segment: Period
  readonly unitsSoFar: number
  /** Units by hour, at least those of the last 14 days. */
  readonly byHour: Readonly<Record<Hour, Pick<Tally, 'units'>>>
  /** Before it there is nothing to look back on. */
  readonly openedAt: Instant
  readonly now: Instant
}): Forecast | null {
  const { segment, unitsSoFar, byHour, openedAt, now } = facts
  const days = Math.min(HISTORY_DAYS, Math.floor((now - openedAt) / DAY_MS))
  if (days < 1) return null
  const totals = Array.from({ length: days }, () => 0)
  for (const [hour, { units }] of Object.entries(byHour)) {
    const day = Math.floor((now - startOfHour(hour) - 1) / DAY_MS)
    const total = totals[day]
    if (day >= 0 && total !== undefined) totals[day] = total + units
  }
  const mean = totals.reduce((sum, units) => sum + units, 0) / days
  const spread =
    days > 1 ? totals.reduce((sum, units) => sum + (units - mean) ** 2, 0) / (days - 1) : mean ** 2
  const left = Math.max(0, segment.end - now) / DAY_MS
  const band = FOUR_IN_FIVE * Math.sqrt(spread * (left + left ** 2 / days))
  const at = (more: number) => Math.max(unitsSoFar, Math.round(unitsSoFar + more))
  return { lowUnits: at(mean * left - band), units: at(mean * left), highUnits: at(mean * left + band) }
}
