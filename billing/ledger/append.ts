import { isNew, type Table } from '#kernel/table'
import type { LedgerRecords } from '../domain/fold.ts'
import { encodeBatch, groupRecords } from './batch.ts'
import { markDirty } from './dirty.ts'
import { inParallel } from './in-parallel.ts'

/**
 * Appends records of any accounts and hours to the ledger. Appending the same records again, in the same or in other
 * batches, changes no fold. Batch first, marker second, and the marker also when the batch was there already: whoever
 * was cut off between the two is made whole by the redelivery.
 */
export async function append(ledger: Table, records: LedgerRecords): Promise<void> {
  await inParallel(groupRecords(records), WRITES_AT_ONCE, async batch => {
    for (const item of encodeBatch(batch)) await ledger.put(item, isNew)
    await markDirty(ledger, batch)
  })
}

/** A delivery may hold thousands of accounts; more connections than this gain nothing. */
const WRITES_AT_ONCE = 32
