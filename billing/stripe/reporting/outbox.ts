import * as z from 'zod/mini'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, instant, toIso } from '#kernel/time'
import type { Segment } from '../../domain/records.ts'

/**
 * What was reported to Stripe's meter, one item per call: `account#<id>` / `report#<segment start>#<seq>`. An item is
 * written before its call and marked after it; the sum of the marked ones that were not rejected later is what Stripe has. At most one item of an
 * account is unmarked, because nothing more is sent while an outcome is unknown.
 */
export const reportSchema = z.object({
  accountId: accountIdSchema,
  segmentStart: instantSchema,
  seq: z.int().check(z.gte(1)),
  /** Negative corrects what was reported too much. */
  deltaUnits: z.int(),
  /** Stripe refuses a second event with the same one. */
  identifier: z.string(),
  /** Timestamp of the meter event: decides which of Stripe's periods it counts in. */
  stampAt: instantSchema,
  createdAt: instantSchema,
  deliveredAt: z.nullable(instantSchema),
  /** Stripe took the event and refused it afterwards: it has none of its units. */
  rejectedAt: z.optional(instantSchema),
})
export type Report = z.output<typeof reportSchema>

export type SegmentRef = Pick<Segment, 'accountId' | 'start'>

/** Says which report it is, because Stripe names nothing else of an event that it refuses later. */
export const reportIdentifier = ({ accountId, start }: SegmentRef, seq: number): string =>
  `use_${accountId}_${start}_${seq}`

export type ReportRef = Pick<Report, 'accountId' | 'segmentStart' | 'seq'>

/** Undefined: an event that is not ours. */
export function parseIdentifier(identifier: string): ReportRef | undefined {
  const [, accountId, start, seq] = /^use_(acct_[0-9A-Za-z]{22})_(\d{1,15})_(\d{1,6})$/.exec(identifier) ?? []
  if (accountId === undefined) return undefined
  return { accountId, segmentStart: instant(Number(start)), seq: Number(seq) }
}

const SEQ_DIGITS = 6
const prefixOf = (start: Instant): string => `report#${toIso(start)}#`
const keyOf = (report: ReportRef) => ({
  pk: `account#${report.accountId}`,
  sk: `${prefixOf(report.segmentStart)}${String(report.seq).padStart(SEQ_DIGITS, '0')}`,
})

/** In the order of their sequence numbers. */
export async function listReports(table: Table, { accountId, start }: SegmentRef): Promise<Report[]> {
  const items = await table.query({ pk: `account#${accountId}`, prefix: prefixOf(start) })
  return items.map(item => z.parse(reportSchema, item))
}

/** False when this sequence number is taken. */
export const addReport = (table: Table, report: Report): Promise<boolean> =>
  table.put({ ...report, ...keyOf(report) }, isNew)

export async function markDelivered(table: Table, report: Report, at: Instant): Promise<void> {
  await table.update(keyOf(report), [{ set: 'deliveredAt', to: at }], [{ present: 'pk' }])
}

/** Marks a report that Stripe refused, once. The report; undefined when there is none. */
export async function markRejected(
  table: Table,
  report: ReportRef,
  at: Instant,
): Promise<Report | undefined> {
  await table.update(
    keyOf(report),
    [{ set: 'rejectedAt', to: at }],
    [{ present: 'pk' }, { absent: 'rejectedAt' }],
  )
  const item = await table.get(keyOf(report))
  return item && z.parse(reportSchema, item)
}

/** What Stripe has. */
export const sumDelivered = (reports: readonly Report[]): number =>
  reports
    .filter(({ deliveredAt, rejectedAt }) => deliveredAt !== null && rejectedAt === undefined)
    .reduce((sum, { deltaUnits }) => sum + deltaUnits, 0)
