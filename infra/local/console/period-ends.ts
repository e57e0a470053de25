import type { ConsoleSources } from './sources.ts'

const SUBSCRIPTIONS_READ = 1_000
/** Subscriptions that have no further period. */
const ENDED = ['canceled', 'incomplete_expired']

/** Where "end of period" goes: the next UTC month, and the first end of a subscription's period, if there is one. */
export function periodEnds({ clock, stripe }: Pick<ConsoleSources, 'clock' | 'stripe'>): {
  readonly month: number
  readonly period: number | undefined
} {
  const now = clock.now()
  const date = new Date(now)
  const ends = stripe
    .objects('subscriptions', { limit: SUBSCRIPTIONS_READ })
    .filter(({ status }) => !ENDED.includes(String(status)))
    .map(({ periodEnd }) => Date.parse(String(periodEnd)))
    .filter(end => end > now)
  return {
    month: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1),
    period: ends.length === 0 ? undefined : Math.min(...ends),
  }
}
