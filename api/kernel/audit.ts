import { randomId } from './ids.ts'
import type { Actor, Call } from './rpc.ts'
import type { Table } from './table.ts'
import { type Instant, toIso } from './time.ts'

/** One line of an account's audit trail: who did what, from what, to what, why. Append-only. */
export type AuditRecord = {
  readonly id: string
  readonly accountId: string
  readonly at: Instant
  readonly actor: Actor
  /** Verb in the past tense: `key.created`, `plan.changed`. */
  readonly action: string
  readonly before?: unknown
  readonly after?: unknown
  readonly reason?: string
}

/** Appends a record to the service's own table under `audit#<account>`. */
export async function appendAudit(
  table: Table,
  call: Call,
  entry: Pick<AuditRecord, 'accountId' | 'action' | 'before' | 'after' | 'reason'>,
): Promise<void> {
  const id = randomId('aud')
  await table.put({
    ...entry,
    pk: `audit#${entry.accountId}`,
    sk: `${toIso(call.now)}#${id}`,
    id,
    at: call.now,
    actor: call.actor,
  })
}
