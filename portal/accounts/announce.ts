import { type Publish, publishPending } from '#kernel/outbox'
import type { Table } from '#kernel/table'
import { accountKey } from './store.ts'

/**
 * Publishes what an account's item still carries. A failure is reported and left to the outbox job: the person who
 * signs up must not see an error about something that will happen anyway.
 */
export function createAnnounce(table: Table, publish: Publish, report: (error: unknown) => void) {
  return async (accountId: string): Promise<void> => {
    try {
      await publishPending(table, publish, accountKey(accountId))
    } catch (error) {
      report(error)
    }
  }
}
