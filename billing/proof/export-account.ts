import * as z from 'zod/mini'
import type { Table } from '#kernel/table'
import { contains, type Period } from '#kernel/time'
import { type LedgerRecords, uniqueById } from '../domain/fold.ts'
import { readHour } from '../ledger/totals.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { listHours } from './list-hours.ts'
import { createPartWriter, partSchema } from './part-writer.ts'

/** What was written of one account: `ledger-export#<month>` / `<account>`. */
const exportedSchema = z.object({ accountId: z.string(), rows: z.int(), parts: z.array(partSchema) })
export type ExportedAccount = z.output<typeof exportedSchema>

const partitionOf = (month: string): string => `ledger-export#${month}`

/**
 * Writes what the ledger holds of an account in a month, each record once, as JSON lines
 * `{"kind":"usage"|"access",…}` in the order of hour and id, into `ledger/<month>/<account>/<part>.jsonl.gz`. The number
 * of rows. An account without any is not mentioned.
 */
export async function exportAccount(
  { billing, ledger, objects }: Pick<BillingDeps, 'billing' | 'ledger' | 'objects'>,
  month: string,
  period: Period,
  accountId: string,
): Promise<number> {
  const folder = `ledger/${month}/${accountId}`
  const writer = createPartWriter(objects, part => `${folder}/${String(part).padStart(4, '0')}.jsonl.gz`)
  for (const hour of await listHours(ledger, accountId, period)) {
    const { records } = await readHour(ledger, accountId, hour)
    for (const row of rowsOf(records, period)) await writer.add(row)
  }
  const parts = await writer.end()
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  if (rows > 0) await billing.put({ accountId, rows, parts, pk: partitionOf(month), sk: accountId })
  return rows
}

function* rowsOf({ usage, access }: LedgerRecords, period: Period): Generator<string> {
  for (const [kind, records] of [
    ['usage', usage],
    ['access', access],
  ] as const)
    for (const { account: _, ...record } of [...uniqueById<(typeof records)[number]>(records).values()].sort(
      byId,
    ))
      if (contains(period, record.usedAt)) yield JSON.stringify({ kind, ...record })
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)

/** In the order of account ids. */
export async function readExported(billing: Table, month: string): Promise<ExportedAccount[]> {
  const items = await billing.query({ pk: partitionOf(month) })
  return items.map(item => z.parse(exportedSchema, item))
}
