import * as z from 'zod/mini'
import { instantSchema, unitsSchema } from '#kernel/schemas'
import { type Item, isNew, type Table } from '#kernel/table'
import type { Hour } from '#kernel/time'
import { type Fold, foldRecords, type LedgerRecords } from '../domain/fold.ts'
import { batchPartition, decodeBatch } from './batch.ts'

/**
 * The total of an hour is a cache of its fold: `pk total#<account>`, `sk <hour>`. It can be deleted at any time and
 * recomputed from the batches.
 */
export type HourTotal = {
  readonly hour: Hour
  readonly fold: Fold
  /** How many batches it contains. Batches are only ever added, so a greater number is the newer total. */
  readonly batches: number
}

export type HourRecords = { readonly records: LedgerRecords; readonly batches: number }

/** Everything the ledger holds of an account's hour, duplicates included. */
export async function readHour(ledger: Table, accountId: string, hour: Hour): Promise<HourRecords> {
  const items = await ledger.query({ pk: batchPartition(accountId, hour) })
  const batches = items.map(item => decodeBatch(accountId, item))
  return {
    records: {
      usage: batches.flatMap(batch => batch.usage),
      access: batches.flatMap(batch => batch.access),
    },
    batches: items.length,
  }
}

export const totalOfHour = (hour: Hour, { records, batches }: HourRecords): HourTotal => ({
  hour,
  fold: foldRecords(records),
  batches,
})

/** Stores a total unless one with more batches is there: then false, and nothing was changed. */
export async function putTotal(ledger: Table, accountId: string, total: HourTotal): Promise<boolean> {
  const { byHour: _, ...fold } = total.fold
  const item = { pk: `total#${accountId}`, sk: total.hour, batches: total.batches, ...fold }
  return (
    (await ledger.put(item, isNew)) ||
    (await ledger.put(item, [{ path: 'batches', lessThan: total.batches + 1 }]))
  )
}

/** Totals of the hours `from` to `to`, both included. Consistent unless the caller only shows them. */
export async function listTotals(
  ledger: Table,
  accountId: string,
  range: { readonly from: Hour; readonly to: Hour; readonly consistent?: boolean },
): Promise<HourTotal[]> {
  return (await ledger.query({ pk: `total#${accountId}`, ...range })).map(parse)
}

const tally = { calls: unitsSchema, failed: unitsSchema, units: unitsSchema }
const schema = z.object({
  ...tally,
  sk: z.string(),
  batches: z.int(),
  refused: unitsSchema,
  lastUsedAt: z.nullable(instantSchema),
  byKey: z.record(z.string(), z.object({ ...tally, lastUsedAt: instantSchema })),
  byRoute: z.record(z.string(), z.object(tally)),
})

function parse(item: Item): HourTotal {
  const { sk: hour, batches, ...fold } = z.parse(schema, item)
  const { calls, failed, units } = fold
  return { hour, batches, fold: { ...fold, byHour: calls > 0 ? { [hour]: { calls, failed, units } } : {} } }
}
