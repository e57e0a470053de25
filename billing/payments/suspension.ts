import * as z from 'zod/mini'
import { derivedId } from '#kernel/ids'
import { type DomainEvent, type Publish, publishPending, withEvents } from '#kernel/outbox'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'

/**
 * Why an account is suspended: `account#<id>` / `suspension#<cause>`, one item per cause, kept when it is lifted. An
 * account is suspended while one of them is in force, so a dispute that is won lifts its own suspension only.
 */
export const suspensionRecordSchema = z.object({
  accountId: accountIdSchema,
  /** `admin`, or the id of the dispute. */
  cause: z.string(),
  reason: z.string(),
  since: instantSchema,
  invoiceId: z.nullable(z.string()),
  /** Null: not about a dispute. */
  dispute: z.nullable(z.enum(['open', 'won', 'lost'])),
  /** It is in force until then; absent while it is. */
  liftedAt: z.optional(instantSchema),
})
export type SuspensionRecord = z.output<typeof suspensionRecordSchema>

const keyOf = ({ accountId, cause }: Pick<SuspensionRecord, 'accountId' | 'cause'>) => ({
  pk: `account#${accountId}`,
  sk: `suspension#${cause}`,
})

/** In force and lifted ones, in the order of their causes. */
export async function listSuspensions(billing: Table, accountId: string): Promise<SuspensionRecord[]> {
  const items = await billing.query({ pk: `account#${accountId}`, prefix: 'suspension#' })
  return items.map(item => z.parse(suspensionRecordSchema, item))
}

export async function getSuspension(
  billing: Table,
  of: Pick<SuspensionRecord, 'accountId' | 'cause'>,
): Promise<SuspensionRecord | undefined> {
  const item = await billing.get(keyOf(of))
  return item && z.parse(suspensionRecordSchema, item)
}

/**
 * Puts a suspension in force with its announcement. One that is there stays as it is; a lifted one is replaced only by
 * an administrator: whoever lifted the suspension of a dispute decided about that dispute. False: nothing changed.
 */
export async function placeSuspension(billing: Table, record: SuspensionRecord): Promise<boolean> {
  const { accountId, reason, invoiceId, since } = record
  const data = { accountId, reason, invoiceId, placedAt: since }
  const item = {
    ...record,
    ...withEvents(since, [factOf('suspension.placed', record, since, data)]),
    ...keyOf(record),
  }
  if (await billing.put(item, isNew)) return true
  return record.cause === 'admin' && (await billing.put(item, [{ present: 'liftedAt' }]))
}

/**
 * Ends a suspension. False when it has been ended before, or while its placing is not announced yet: publish, then look
 * again.
 */
export async function liftSuspension(
  billing: Table,
  read: SuspensionRecord,
  now: Instant,
  change: Partial<Pick<SuspensionRecord, 'dispute'>> = {},
): Promise<boolean> {
  const data = { accountId: read.accountId, liftedAt: now }
  const events = withEvents(now, [factOf('suspension.lifted', read, now, data)])
  const changes = Object.entries({ ...change, liftedAt: now, ...events }).map(([set, to]) => ({ set, to }))
  const conditions = [{ absent: 'liftedAt' }, { absent: 'outbox' }] as const
  return (await billing.update(keyOf(read), changes, conditions)) !== undefined
}

/** Notes how the bank decided, whether or not the suspension is still in force. */
export async function noteDispute(
  billing: Table,
  read: SuspensionRecord,
  dispute: 'won' | 'lost',
): Promise<void> {
  await billing.update(keyOf(read), [{ set: 'dispute', to: dispute }], [{ present: 'pk' }])
}

/** Puts the facts that suspensions of the account still carry on the bus. */
export async function publishSuspensions(billing: Table, publish: Publish, accountId: string): Promise<void> {
  for (const record of await listSuspensions(billing, accountId))
    await publishPending(billing, publish, keyOf(record))
}

const factOf = (
  type: 'suspension.placed' | 'suspension.lifted',
  { accountId, cause, since }: SuspensionRecord,
  at: Instant,
  data: object,
): DomainEvent => ({ id: derivedId('evt', type, accountId, cause, toIso(since)), type, at, data })
