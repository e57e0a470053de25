import type { Table } from '#kernel/table'
import { type Hour, hourOf, instant, type Period } from '#kernel/time'
import { listDirty } from '../ledger/dirty.ts'
import { listTotals } from '../ledger/totals.ts'

/**
 * The hours of a period in which the ledger holds anything of an account, oldest first: those that have a total and, until
 * roll-up made one, a marker. Two queries, whatever the account did in these hours.
 */
export async function listHours(ledger: Table, accountId: string, period: Period): Promise<Hour[]> {
  const range = { from: hourOf(period.start), to: hourOf(instant(period.end - 1)) }
  const marked = (await listDirty(ledger, accountId)).map(({ hour }) => hour)
  const totals = await listTotals(ledger, accountId, range)
  const hours = new Set([...totals.map(({ hour }) => hour), ...marked])
  return [...hours].filter(hour => range.from <= hour && hour <= range.to).sort()
}
