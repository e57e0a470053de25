import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, type Period, SECOND_MS } from '#kernel/time'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (value: number): string => String(value).padStart(2, '0')

/** `22 Nov` in UTC. */
export function formatDay(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}

/** `22 Nov 2026` in UTC. */
export const formatDate = (at: number): string => `${formatDay(at)} ${new Date(at).getUTCFullYear()}`

/** `14:03` in UTC. */
export function formatClock(at: number): string {
  const date = new Date(at)
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
}

/** `22 Nov 2026, 14:03 UTC`. */
export const formatInstant = (at: Instant): string => `${formatDate(at)}, ${formatClock(at)} UTC`

/** `1 Nov – 1 Dec 2026`: from the start up to, not including, the end. The year of the start is named if it differs. */
export function formatPeriod({ start, end }: Period): string {
  const sameYear = new Date(start).getUTCFullYear() === new Date(end).getUTCFullYear()
  return `${sameYear ? formatDay(start) : formatDate(start)} – ${formatDate(end)}`
}

/** `22 Nov 2026, 14:03:07` in UTC. */
export const formatExactly = (at: Instant): string =>
  `${formatDate(at)}, ${formatClock(at)}:${two(new Date(at).getUTCSeconds())}`

/** To the second, for invoices: `1 Nov 2026, 00:00:00 – 1 Dec 2026, 00:00:00 UTC`. */
export const formatPeriodExactly = ({ start, end }: Period): string =>
  `${formatExactly(start)} – ${formatExactly(end)} UTC`

/** `12 s`, `4 min`, `3 h`, `2 d`: rounded down to the largest unit. */
export function formatDuration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`
  return `${Math.floor(ms / DAY_MS)} d`
}

/** `12 s ago`; `just now` within a second and when the clocks differ. */
export const formatAgo = (at: Instant, now: Instant): string =>
  now - at < SECOND_MS ? 'just now' : `${formatDuration(now - at)} ago`
