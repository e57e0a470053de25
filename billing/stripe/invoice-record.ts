import * as z from 'zod/mini'
import { closeSchema, comparedLineSchema, proofSchema, REPAIRS, statementLineSchema } from '#billing/contract'
import { accountIdSchema, instantSchema, minorSchema, periodSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'
import { measureSchema } from './reporting/measure-segment.ts'

export const decisionSchema = z.object({
  repair: z.enum(REPAIRS),
  reason: z.string(),
  /** Of the plan that was confirmed. */
  planId: z.string(),
  /** The attempt that was held; the decision is for those after it. */
  attempt: z.int(),
  at: instantSchema,
  /** What the close is to work with from then on. */
  measure: measureSchema,
})
export type Decision = z.output<typeof decisionSchema>

/**
 * What we know of an invoice that Stripe does not: how its close stands, our statement and the proof. Stored under
 * `account#<id>` / `invoice#<invoice>`; everything else about an invoice is read from Stripe.
 */
export const invoiceRecordSchema = z.object({
  accountId: accountIdSchema,
  invoiceId: z.string(),
  close: closeSchema,
  /** The usage period: that of the segment. */
  period: periodSchema,
  planVersionId: z.string(),
  statement: z.nullish(z.object({ lines: z.array(statementLineSchema), totalMinor: minorSchema })),
  proof: z.nullish(proofSchema),
  closedAt: z.nullish(instantSchema),
  /** Why a close was held. */
  reason: z.nullish(z.string()),
  /** Stripe's lines beside ours, as last compared. */
  compared: z.nullish(z.array(comparedLineSchema)),
  /** What an administrator decided about the attempt that was held. */
  decision: z.nullish(decisionSchema),
  /** The files behind the statement: the manifest's key and SHA-256. Absent until they are written. */
  proofFiles: z.nullish(z.object({ manifestKey: z.string(), sha256: z.string(), rows: z.int() })),
})
export type InvoiceRecord = z.output<typeof invoiceRecordSchema>

export const invoiceRecordKey = (accountId: string, invoiceId: string) => ({
  pk: `account#${accountId}`,
  sk: `invoice#${invoiceId}`,
})

export async function getInvoiceRecord(
  billing: Table,
  accountId: string,
  invoiceId: string,
): Promise<InvoiceRecord | undefined> {
  const item = await billing.get(invoiceRecordKey(accountId, invoiceId))
  return item && z.parse(invoiceRecordSchema, item)
}

export async function listInvoiceRecords(billing: Table, accountId: string): Promise<InvoiceRecord[]> {
  const items = await billing.query({ pk: `account#${accountId}`, prefix: 'invoice#' })
  return items.map(item => z.parse(invoiceRecordSchema, item))
}

/**
 * Merges members into the record of an invoice whose close is not recorded yet. False when it is: recorded facts stay.
 */
export async function noteOnInvoice(
  billing: Table,
  { accountId, invoiceId }: Pick<InvoiceRecord, 'accountId' | 'invoiceId'>,
  note: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const changes = Object.entries({ accountId, invoiceId, ...note }).map(([set, to]) => ({ set, to }))
  const open = [{ absent: 'closedAt' }] as const
  return (await billing.update(invoiceRecordKey(accountId, invoiceId), changes, open)) !== undefined
}
