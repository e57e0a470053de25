import { Cron } from 'croner'
import { invalidExpression } from './invalid.ts'
import type { Occurrences } from './parse.ts'

/** Field, highest value, and what may stand in it. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const FIELDS = [
  { name: 'minutes', max: 59, allowed: /^[\d,\-*/]+$/ },
  { name: 'hours', max: 23, allowed: /^[\d,\-*/]+$/ },
  { name: 'day of month', max: 31, allowed: /^(\?|L|\d+W|[\d,\-*/]+)$/ },
  { name: 'month', max: 12, allowed: /^([\d,\-*/]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)+$/i },
  {
    name: 'day of week',
    max: 7,
    allowed:
      /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])|([\d,\-*/]|SUN|MON|TUE|WED|THU|FRI|SAT)+)$/i,
  },
  { name: 'year', max: 2199, allowed: /^[\d,\-*/]+$/ },
] as const

/**
 * `cron(minutes hours day-of-month month day-of-week year)`. One of the two day fields is `?`; Sunday is 1. A time that
 * a change to summer time skips does not occur.
 */
export function parseCron(expression: string, body: string, timezone: string): Occurrences {
  const fields = body.trim().split(/\s+/)
  const sound =
    fields.length === FIELDS.length && FIELDS.every(({ allowed }, i) => allowed.test(fields[i] ?? ''))
  if (!sound || (fields[2] === '?') === (fields[4] === '?')) throw invalidExpression(expression)
  const translated = fields.map((field, i) => translate(field, i))
  const job = open(expression, ['0', ...translated].join(' '), timezone)
  return after => {
    let next = job.nextRun(new Date(after))
    while (next && !job.match(next)) next = job.nextRun(next)
    return next?.getTime()
  }
}

/** From EventBridge's spelling to croner's: `0/15` is `0-59/15`, `6L` is `6#L`, a lone `L` day of week is Saturday. */
function translate(field: string, index: number): string {
  const max = FIELDS[index]?.max
  if (field === '?') return '*'
  if (index === 4 && field === 'L') return '7'
  if (index === 4) return field.replace(/^(\w+)L$/i, '$1#L')
  return field.replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${max}/$3`)
}

const UTC = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'])

function open(expression: string, pattern: string, timezone: string): Cron {
  // Without a zone to convert to, an occurrence costs microseconds instead of half a millisecond.
  const zone = UTC.has(timezone) ? { utcOffset: 0 } : { timezone }
  try {
    return new Cron(pattern, { ...zone, paused: true, alternativeWeekdays: true, mode: '7-part' })
  } catch {
    throw invalidExpression(expression)
  }
}
