/**
 * Instants and periods. An `Instant` is UTC milliseconds since the epoch; Stripe speaks in seconds, so the two
 * never mix by accident. A `Period` is half-open: `[start, end)`.
 */
export type Instant = number & { readonly __unit: 'epoch milliseconds' }
export type Period = { readonly start: Instant; readonly end: Instant }

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export function instant(epochMs: number): Instant {
  if (!Number.isSafeInteger(epochMs)) throw new RangeError(`not an instant: ${epochMs}`)
  return epochMs as Instant
}

export const fromUnixSeconds = (seconds: number): Instant => instant(seconds * SECOND_MS)
/** Rounds down to the second. */
export const toUnixSeconds = (at: Instant): number => Math.floor(at / SECOND_MS)

/** Parses an ISO 8601 instant with zone, e.g. `2026-11-22T00:00:00Z`. Throws `RangeError` otherwise. */
export function parseInstant(iso: string): Instant {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(iso))
    throw new RangeError(`not an ISO instant: ${iso}`)
  return instant(Date.parse(iso))
}

/** `2026-11-22T14:03:07.000Z`. */
export const toIso = (at: Instant): string => new Date(at).toISOString()

export const plusMs = (at: Instant, ms: number): Instant => instant(at + ms)

/** An hour of the ledger: `2026-11-22T14`. */
export type Hour = string
export const hourOf = (at: Instant): Hour => toIso(at).slice(0, 13)
export const startOfHour = (hour: Hour): Instant => parseInstant(`${hour}:00:00Z`)

/** The hours that a period touches, in order. */
export function hoursOf(period: Period): Hour[] {
  const hours: Hour[] = []
  for (let at = Math.floor(period.start / HOUR_MS) * HOUR_MS; at < period.end; at += HOUR_MS)
    hours.push(hourOf(instant(at)))
  return hours
}

export const contains = (period: Period, at: Instant): boolean => period.start <= at && at < period.end

/** The UTC calendar month around an instant. */
export function utcMonthOf(at: Instant): Period {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { start: instant(Date.UTC(year, month, 1)), end: instant(Date.UTC(year, month + 1, 1)) }
}
