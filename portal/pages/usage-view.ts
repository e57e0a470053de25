import {
  DAY_MS,
  HOUR_MS,
  hourOf,
  hoursOf,
  type Instant,
  instant,
  type Period,
  startOfHour,
} from '#kernel/time'
import { formatClock, formatDate, formatDay } from '../format/time.ts'

export type HourUsage = {
  readonly hour: string
  readonly calls: number
  readonly failed: number
  readonly units: number
}

/** Usage of one day or one hour. `key` is its UTC day or hour: `2026-11-22`, `2026-11-22T14`. */
export type Bucket = {
  readonly key: string
  readonly label: string
  readonly name: string
  /** The name where the day is said already. */
  readonly shortName: string
  readonly calls: number
  readonly failed: number
  readonly units: number
}

/** The UTC days that a period touches, each with its sum; days without a call are there with zeros. */
export function usageByDay(hours: readonly HourUsage[], period: Period): Bucket[] {
  const first = Math.floor(period.start / DAY_MS) * DAY_MS
  const days = Math.max(1, Math.ceil((period.end - first) / DAY_MS))
  return Array.from({ length: days }, (_, i) => {
    const at = first + i * DAY_MS
    const key = dayOf(instant(at))
    const inDay = hours.filter(hour => hour.hour.startsWith(key))
    return { key, label: formatDay(at), name: formatDate(at), shortName: formatDate(at), ...sum(inDay) }
  })
}

/** The 24 hours of one UTC day. */
export function usageByHour(hours: readonly HourUsage[], day: string): Bucket[] {
  const start = startOfHour(`${day}T00`)
  return hoursOf({ start, end: instant(start + DAY_MS) }).map(hour => {
    const at = startOfHour(hour)
    const shortName = `${formatClock(at)} – ${formatClock(at + HOUR_MS)}`
    const name = `${formatDate(at)}, ${shortName}`
    return {
      key: hour,
      label: formatClock(at),
      name,
      shortName,
      ...sum(hours.filter(entry => entry.hour === hour)),
    }
  })
}

export const sum = (hours: readonly Pick<Bucket, 'calls' | 'failed' | 'units'>[]) =>
  hours.reduce(
    (total, { calls, failed, units }) => ({
      calls: total.calls + calls,
      failed: total.failed + failed,
      units: total.units + units,
    }),
    { calls: 0, failed: 0, units: 0 },
  )

export const dayOf = (at: Instant): string => hourOf(at).slice(0, 10)

/** The asked day if it lies in the period, else the latest one that has begun. */
export function chooseDay(asked: string | undefined, period: Period, now: Instant): string {
  const last = dayOf(instant(Math.max(period.start, Math.min(now, period.end - 1))))
  const first = dayOf(period.start)
  return asked && /^\d{4}-\d{2}-\d{2}$/.test(asked) && asked >= first && asked <= last ? asked : last
}

/** The day before or after; undefined outside the period. */
export function neighbour(day: string, by: -1 | 1, period: Period, now: Instant): string | undefined {
  const other = dayOf(instant(startOfHour(`${day}T00`) + by * DAY_MS))
  return chooseDay(other, period, now) === other ? other : undefined
}
