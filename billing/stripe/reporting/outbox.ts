import * as z from 'zod/mini'
import { derivedId } from '#kernel/ids'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'
import type { Segment } from '../../domain/records.ts'

/**
 * What was reported to Stripe's meter, one item per call: `account#<id>` / `report#<segment start>#<seq>`. An item is
 * written before its call and marked after it; the sum of the marked ones is what Stripe has. At most one item of an
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
})
export type Report = z.output<typeof reportSchema>

export type SegmentRef = Pick<Segment, 'accountId' | 'start'>

export const reportIdentifier = ({ accountId, start }: SegmentRef, seq: number): string =>
  derivedId('use', accountId, String(start), String(seq))

const SEQ_DIGITS = 6
const prefixOf = (start: Instant): string => `report#${toIso(start)}#`
const keyOf = (report: Pick<Report, 'accountId' | 'segmentStart' | 'seq'>) => ({
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

export const sumDelivered = (reports: readonly Report[]): number =>
  reports.reduce((sum, { deliveredAt, deltaUnits }) => sum + (deliveredAt === null ? 0 : deltaUnits), 0)
