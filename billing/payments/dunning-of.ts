import type { Table } from '#kernel/table'
import { listDunning } from './dunning-record.ts'

/**
 * How an account stands with its invoices: `past_due` while the payment of one fails and calls go on, `unpaid` once one
 * is overdue, `good` otherwise. For a subscription's page and for the list of accounts.
 */
export async function dunningOf(billing: Table, accountId: string): Promise<'good' | 'past_due' | 'unpaid'> {
  const records = await listDunning(billing, accountId)
  if (records.length === 0) return 'good'
  return records.some(({ blockedAt }) => blockedAt !== undefined) ? 'unpaid' : 'past_due'
}
