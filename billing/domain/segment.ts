import { type Instant, type Period, toIso, utcMonthOf } from '#kernel/time'
import type { Segment } from './records.ts'

/**
 * Segment arithmetic. The segments of an account tile its time: each starts where the one before ended, so that no
 * instant is billed twice and none is missed, whatever Stripe's periods do around a change of plan.
 */

/** The UTC calendar month around the instant at which an account was opened. */
export const firstFreePeriod = (openedAt: Instant): Period => utcMonthOf(openedAt)

/** What follows `previous` on Free: from its end to the end of that UTC month. */
export const nextFreePeriod = (previous: Pick<Period, 'end'>): Period => ({
  start: previous.end,
  end: utcMonthOf(previous.end).end,
})

/**
 * What follows `previous` on a subscription with Stripe's current period: from the later of Stripe's start and the end
 * of `previous` to Stripe's end. Null when `previous` covers all of Stripe's period. Throws when a gap would open: the
 * caller adds the segments in between first.
 */
export function nextPaidPeriod(previous: Pick<Period, 'end'>, stripePeriod: Period): Period | null {
  if (stripePeriod.end <= previous.end) return null
  if (stripePeriod.start > previous.end)
    throw new Error(`no segment covers ${toIso(previous.end)} to ${toIso(stripePeriod.start)}`)
  return { start: previous.end, end: stripePeriod.end }
}

/**
 * How a subscription's current period gets its segment, given the account's newest one.
 * - `present`: the newest segment covers it.
 * - `append`: a new segment starts where the newest one ends.
 * - `cut`: the open Free segment ends where Stripe's period starts.
 * - `replace`: the open Free segment began after Stripe's period did; the new one takes its place and its start.
 */
export type PaidStep =
  | { readonly kind: 'present' }
  | { readonly kind: 'append'; readonly period: Period }
  | { readonly kind: 'cut'; readonly end: Instant }
  | { readonly kind: 'replace'; readonly period: Period }

/** A segment of another subscription has to be ended by its plan change first: it would count as `present`. */
export function decidePaidStep(
  newest: Pick<Segment, 'start' | 'end' | 'subscriptionId'>,
  stripePeriod: Period,
): PaidStep {
  const { start, end } = stripePeriod
  if (newest.subscriptionId === null && start < newest.end)
    return start > newest.start
      ? { kind: 'cut', end: start }
      : { kind: 'replace', period: { start: newest.start, end } }
  const period = nextPaidPeriod(newest, stripePeriod)
  return period ? { kind: 'append', period } : { kind: 'present' }
}

/** Where the usage of a segment stands. */
export type SegmentAccount = Pick<Segment, 'subscriptionId' | 'invoicedUnits' | 'waivedUnits'> & {
  /** The fold of the segment's period, now. */
  readonly foldUnits: number
}

/**
 * Units that closed segments leave to the next one: what was used and neither invoiced nor waived (late usage), or,
 * negative, what was invoiced and later voided. Free segments owe nothing: their units have no price.
 */
export const carryOverOf = (closed: readonly SegmentAccount[]): number =>
  closed
    .filter(segment => segment.subscriptionId !== null)
    .reduce((sum, segment) => sum + segment.foldUnits - (segment.invoicedUnits ?? 0) - segment.waivedUnits, 0)

/** Units that the open segment owes. `capUnits` null: there is no cap. A negative rest stays in the carry-over. */
export const owedUnits = (foldUnits: number, carryOverUnits: number, capUnits: number | null): number =>
  Math.max(0, Math.min(capUnits ?? Number.POSITIVE_INFINITY, foldUnits + carryOverUnits))

/** Units that slip past the cap and are waived when the segment closes: a cap is a promise. */
export const unitsPastCap = (foldUnits: number, carryOverUnits: number, capUnits: number | null): number =>
  capUnits === null ? 0 : Math.max(0, foldUnits + carryOverUnits - capUnits)
