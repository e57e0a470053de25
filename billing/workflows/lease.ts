import type { Table } from '#kernel/table'
import { type Instant, plusMs, SECOND_MS } from '#kernel/time'
import { TransientError } from '../stripe/failure.ts'

/**
 * One lease per account guards each *step* of reporting, plan change and close: seconds, never a wait. A holder that
 * dies is waited out: the lease is longer than the timeout (60 s) of every function that takes it, so whoever holds
 * it is either alive or stopped for good.
 */
const LEASE_MS = 90 * SECOND_MS

const leaseKey = (accountId: string) => ({ pk: `lease#${accountId}`, sk: 'lease' })

/** Runs `work` alone for the account. Throws `TransientError` when somebody else is at it. */
export async function withLease<T>(
  table: Table,
  accountId: string,
  holder: string,
  now: Instant,
  work: () => Promise<T>,
): Promise<T> {
  if (!(await takeLease(table, accountId, holder, now)))
    throw new TransientError(`the lease of ${accountId} is taken`)
  try {
    return await work()
  } finally {
    await table.remove(leaseKey(accountId), [{ path: 'holder', equals: holder }])
  }
}

async function takeLease(table: Table, accountId: string, holder: string, now: Instant): Promise<boolean> {
  const item = { ...leaseKey(accountId), holder, until: plusMs(now, LEASE_MS) }
  return (
    (await table.put(item, [{ absent: 'pk' }])) || (await table.put(item, [{ path: 'until', lessThan: now }]))
  )
}
