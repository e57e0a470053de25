import * as z from 'zod/mini'
import { type Reconciliation, reconciliationSchema } from '#billing/contract'
import { instantSchema, unitsSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'
import { DAY_MS, hourOf, type Instant, instant, type Period, parseInstant, plusMs } from '#kernel/time'

/**
 * A day's reconciliation as it is stored: `reconciliation` / `<day>`. With it goes how far a run got, so that one that
 * was cut off is continued: the hours of the log that were compared, and the accounts that were compared with Stripe.
 */
export const dayRecordSchema = z.extend(reconciliationSchema, {
  hoursDone: unitsSchema,
  /** Calls of the access log that API Gateway let through. */
  letThrough: unitsSchema,
  /** The last account that was compared with Stripe. */
  accountsTo: z.nullable(z.string()),
  /** What the state became before this run: a deviation is alarmed once. */
  alarmedAt: z.nullable(instantSchema),
})
export type DayRecord = z.output<typeof dayRecordSchema>

const PARTITION = 'reconciliation'

export const newRun = (day: string, now: Instant, before: DayRecord | undefined): DayRecord => ({
  ...{ day, state: 'reading', runs: (before?.runs ?? 0) + 1, checkedAt: now },
  ...{ served: 0, failed: 0, missing: 0, voided: 0, deviations: [], gateway: null, stripe: null },
  ...{ hoursDone: 0, letThrough: 0, accountsTo: null, alarmedAt: before?.alarmedAt ?? null },
})

export async function putDay(billing: Table, record: DayRecord): Promise<void> {
  await billing.put({ ...record, pk: PARTITION, sk: record.day })
}

export async function getDay(billing: Table, day: string): Promise<DayRecord | undefined> {
  const item = await billing.get({ pk: PARTITION, sk: day })
  return item && z.parse(dayRecordSchema, item)
}

/** Newest first; `to` included. */
export async function listDays(
  billing: Table,
  { to, limit }: { readonly to?: string; readonly limit: number },
): Promise<DayRecord[]> {
  const range = to === undefined ? {} : { from: '0', to }
  const items = await billing.query({ pk: PARTITION, ...range, descending: true, limit })
  return items.map(item => z.parse(dayRecordSchema, item))
}

export const viewOf = ({
  hoursDone: _,
  letThrough: __,
  accountsTo: ___,
  alarmedAt: ____,
  ...view
}: DayRecord): Reconciliation => view

export const dayOf = (at: Instant): string => hourOf(at).slice(0, 10)
export const periodOfDay = (day: string): Period => {
  const start = parseInstant(`${day}T00:00:00Z`)
  return { start, end: plusMs(start, DAY_MS) }
}
export const dayBefore = (day: string, days = 1): string =>
  dayOf(instant(periodOfDay(day).start - days * DAY_MS))
