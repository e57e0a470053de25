import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  instant,
  MINUTE_MS,
  type Period,
  plusMs,
  SECOND_MS,
} from '#kernel/time'
import { type Report, reportIdentifier, type SegmentRef, sumDelivered } from './outbox.ts'

/**
 * For how long a repetition with the same identifier is surely refused. Stripe promises 24 h from receipt
 * (https://docs.stripe.com/api/billing/meter-event/create); an hour of it is kept for clocks and slow calls.
 */
export const IDENTIFIER_LIFETIME_MS = 23 * HOUR_MS

export type ReportStep =
  | { readonly kind: 'nothing' }
  /** Write the item; the next plan sends it. */
  | { readonly kind: 'write'; readonly report: Report }
  /** Call Stripe with the item's identifier, then mark it. */
  | { readonly kind: 'send'; readonly report: Report }
  /** Too old to rely on the identifier: read Stripe's summary and plan again. */
  | { readonly kind: 'read_summary'; readonly report: Report }
  | { readonly kind: 'mark'; readonly report: Report }
  /** Stripe refused the last ones after it took them; another try waits for a day. */
  | { readonly kind: 'rejected' }
  /** Stripe's summary is neither with nor without the open item. Nothing is sent until somebody looked. */
  | { readonly kind: 'stuck'; readonly deliveredUnits: number; readonly summaryUnits: number }

export type ReportFacts = {
  readonly segment: SegmentRef & Period
  readonly owedUnits: number
  readonly reports: readonly Report[]
  /** Stripe's summary of the segment, when it was read. */
  readonly summaryUnits: number | null
  readonly now: Instant
}

/** The next step towards "reported equals owed". Each outcome can be cut off anywhere and planned again. */
export function planReport({ segment, owedUnits, reports, summaryUnits, now }: ReportFacts): ReportStep {
  const deliveredUnits = sumDelivered(reports)
  const open = reports.find(({ deliveredAt, rejectedAt }) => deliveredAt === null && rejectedAt === undefined)
  if (open) return planOpen(open, deliveredUnits, summaryUnits, now)
  const deltaUnits = owedUnits - deliveredUnits
  if (deltaUnits === 0) return { kind: 'nothing' }
  if (keepsBeingRejected(reports, now)) return { kind: 'rejected' }
  const seq = (reports.at(-1)?.seq ?? 0) + 1
  const report: Report = {
    accountId: segment.accountId,
    segmentStart: segment.start,
    seq,
    deltaUnits,
    identifier: reportIdentifier(segment, seq),
    stampAt: stampIn(segment, now),
    createdAt: now,
    deliveredAt: null,
  }
  return { kind: 'write', report }
}

function planOpen(
  open: Report,
  deliveredUnits: number,
  summaryUnits: number | null,
  now: Instant,
): ReportStep {
  if (now - open.createdAt <= IDENTIFIER_LIFETIME_MS) return { kind: 'send', report: open }
  if (summaryUnits === null) return { kind: 'read_summary', report: open }
  if (summaryUnits === deliveredUnits + open.deltaUnits) return { kind: 'mark', report: open }
  if (summaryUnits === deliveredUnits) return { kind: 'send', report: open }
  return { kind: 'stuck', deliveredUnits, summaryUnits }
}

/** Sending once more heals what was wrong for a moment; the third refusal in a row is somebody's to look at. */
const REJECTIONS_MAX = 3

function keepsBeingRejected(reports: readonly Report[], now: Instant): boolean {
  const last = reports.slice(-REJECTIONS_MAX)
  return (
    last.length === REJECTIONS_MAX &&
    last.every(({ rejectedAt }) => rejectedAt !== undefined && now - rejectedAt < DAY_MS)
  )
}

/**
 * The minutes that Stripe's summary, which is aligned to minutes, is read for: all stamps of a segment lie in them and
 * none of its neighbours'. They end with the minute that the segment ends in, because a segment that was cut short may
 * have been stamped in it; what follows is stamped from its first whole minute on. A segment that contains no whole minute
 * (cut within two minutes of its start) is widened to the minutes that it touches.
 */
export function summaryWindowOf(segment: Period): Period {
  const start = innerMinutesOf(segment)?.start ?? floor(segment.start, MINUTE_MS)
  return { start, end: ceil(segment.end, MINUTE_MS) }
}

/**
 * Now, moved into the segment and out of its partial minutes; in a segment without a whole minute its first second.
 * (Segments are longer than a second: Stripe's periods are.)
 */
export function stampIn(segment: Period, now: Instant): Instant {
  const minutes = innerMinutesOf(segment)
  if (!minutes) return ceil(segment.start, SECOND_MS)
  const last = plusMs(minutes.end, -SECOND_MS)
  return instant(Math.max(minutes.start, Math.min(last, floor(now, SECOND_MS))))
}

function innerMinutesOf({ start, end }: Period): Period | null {
  const inner = { start: ceil(start, MINUTE_MS), end: floor(end, MINUTE_MS) }
  return inner.start < inner.end ? inner : null
}

const floor = (at: number, stepMs: number): Instant => instant(Math.floor(at / stepMs) * stepMs)
const ceil = (at: number, stepMs: number): Instant => instant(Math.ceil(at / stepMs) * stepMs)
