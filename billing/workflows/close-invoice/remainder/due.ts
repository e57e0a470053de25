import * as z from 'zod/mini'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'
import { DAY_MS, type Instant, instant, plusMs, toIso } from '#kernel/time'
import type { AccountStore } from '../../../accounts/store.ts'
import type { Segment } from '../../../domain/records.ts'

/**
 * Accounts whose last paid segment was closed with nothing billable after it: `remainder-due` / `<when>#<account>`. They
 * are looked at twice: when the logs of the segment have drained, and once nothing can arrive for it any more.
 */
const dueSchema = z.object({
  accountId: accountIdSchema,
  /** End of the segment. */
  end: instantSchema,
  dueAt: instantSchema,
  look: z.union([z.literal('drained'), z.literal('settled')]),
})
export type RemainderDue = z.output<typeof dueSchema>

/** Log lines are kept for 60 days. */
const SETTLED_MS = 75 * DAY_MS
const PARTITION = 'remainder-due'
const keyOf = ({ accountId, dueAt }: RemainderDue) => ({ pk: PARTITION, sk: `${toIso(dueAt)}#${accountId}` })

/** Lists the account when no segment of a subscription follows. */
export async function markRemainder(
  ports: { readonly billing: Table; readonly accounts: AccountStore; readonly drainMs: number },
  { accountId, end }: Segment,
  now: Instant,
): Promise<void> {
  const newest = await ports.accounts.newestSegment(accountId)
  if (newest && newest.subscriptionId !== null && newest.start >= end) return
  const dueAt = instant(Math.max(now, end + ports.drainMs))
  await put(ports.billing, { accountId, end, dueAt, look: 'drained' })
}

export async function listRemainders(billing: Table, now: Instant): Promise<RemainderDue[]> {
  const items = await billing.query({ pk: PARTITION, from: '0', to: `${toIso(now)}#~` })
  return items.map(item => z.parse(dueSchema, item))
}

/** Takes a look off the list, after the next one was put on it. */
export async function endLook(billing: Table, due: RemainderDue): Promise<void> {
  if (due.look === 'drained')
    await put(billing, { ...due, dueAt: plusMs(due.end, SETTLED_MS), look: 'settled' })
  await forget(billing, due)
}

export const forget = (billing: Table, due: RemainderDue): Promise<boolean> => billing.remove(keyOf(due))

const put = (billing: Table, due: RemainderDue) => billing.put({ ...due, ...keyOf(due) })
