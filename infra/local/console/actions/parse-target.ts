/** Where an advance goes, or why the request says nothing usable. */
export type AdvanceTarget = { readonly at: number } | { readonly wrong: string }

const DURATION =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/
const HELP =
  'Send {"by":"PT1H"} (an ISO 8601 duration) or {"to":"2027-01-01T00:00:00Z"} (an instant with its zone).'
/** A longer jump is a slip of the finger: every schedule of the time between would run. */
const LONGEST_MS = 10 * 366 * 86_400_000

/** Parses `{"by": "PT1H"}` or `{"to": "2027-01-01T00:00:00Z"}`. Months and years are UTC calendar ones. */
export function parseTarget(body: unknown, now: number): AdvanceTarget {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { wrong: HELP }
  const { by, to, ...others } = body as Record<string, unknown>
  if (Object.keys(others).length > 0 || (by === undefined) === (to === undefined)) return { wrong: HELP }
  const at = by === undefined ? instantOf(to) : plusDuration(now, by)
  if (at === undefined) return { wrong: `${JSON.stringify(by ?? to)} is not understood. ${HELP}` }
  if (at - now > LONGEST_MS) return { wrong: `That is more than ten years ahead. ${HELP}` }
  return { at }
}

function instantOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !INSTANT.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

function plusDuration(now: number, text: unknown): number | undefined {
  const match = typeof text === 'string' ? DURATION.exec(text) : null
  if (!match) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map(part => Number(part ?? 0))
  const milliseconds =
    ((weeks * 7 + days) * 24 + hours) * 3_600_000 + minutes * 60_000 + Math.round(seconds * 1_000)
  const at = plusMonths(now, years * 12 + months) + milliseconds
  return Number.isSafeInteger(at) ? at : undefined
}

/** The same day and time `months` later, or the month's last day where there is no such day. */
function plusMonths(now: number, months: number): number {
  if (months === 0) return now
  const date = new Date(now)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}
