import { DAY_MS, type Instant, instant, type Period } from '#kernel/time'
import type { AppContext } from '../http/app-env.ts'

export const RANGES = { period: 'This period', '7': '7 days', '30': '30 days', '90': '90 days' } as const
export type Range = keyof typeof RANGES

/** What the visitor chose to see; lives in the query, so that it can be linked to. */
export type UsageQuery = {
  readonly range: Range
  readonly keyId: string | undefined
  readonly route: string | undefined
  readonly by: 'day' | 'hour'
  readonly show: 'units' | 'calls'
  /** UTC day of the hours that are shown. */
  readonly day: string | undefined
}

export function readUsageQuery(c: AppContext): UsageQuery {
  const range = c.req.query('range') ?? ''
  return {
    range: Object.hasOwn(RANGES, range) ? (range as Range) : 'period',
    keyId: c.req.query('key') || undefined,
    route: c.req.query('route') || undefined,
    by: c.req.query('by') === 'hour' ? 'hour' : 'day',
    show: c.req.query('show') === 'calls' ? 'calls' : 'units',
    day: c.req.query('day'),
  }
}

/** The input of `getUsage`. */
export function askedUsage({ range, keyId, route }: UsageQuery, accountId: string, now: Instant) {
  return {
    accountId,
    ...(range !== 'period' && { period: lastDays(Number(range), now) }),
    ...(keyId !== undefined && { keyId }),
    ...(route !== undefined && { route }),
  }
}

/** Today and the days before it, whole. */
function lastDays(days: number, now: Instant): Period {
  const end = Math.floor(now / DAY_MS) * DAY_MS + DAY_MS
  return { start: instant(end - days * DAY_MS), end: instant(end) }
}

export function usageLink({ range, keyId, route, by, show, day }: UsageQuery, path = '/usage'): string {
  const given = {
    ...(range !== 'period' && { range }),
    ...(keyId && { key: keyId }),
    ...(route && { route }),
    ...{ by, show },
    ...(by === 'hour' && day && { day }),
  }
  return `${path}?${new URLSearchParams(given)}`
}
