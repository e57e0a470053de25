import * as z from 'zod/mini'
import { type DomainEvent, type Publish, publishPending, withEvents } from '#kernel/outbox'
import { accountIdSchema, instantSchema, minorSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import type { Instant } from '#kernel/time'

/**
 * An invoice that is being collected: `account#<id>` / `dunning#<invoice>`. It is kept when it has ended, because the
 * notices that were given are not given again.
 */
export const dunningSchema = z.object({
  accountId: accountIdSchema,
  invoiceId: z.string(),
  subscriptionId: z.nullable(z.string()),
  number: z.nullable(z.string()),
  currency: z.string(),
  /** As Stripe said when it was last looked at. */
  remainingMinor: minorSchema,
  hostedUrl: z.nullable(z.string()),
  needsAuthentication: z.boolean(),
  failedAt: instantSchema,
  reminderAt: instantSchema,
  lastWarningAt: instantSchema,
  blockAt: instantSchema,
  cancelAt: instantSchema,
  /** Notices that were given, in their order. */
  told: z.array(z.enum(['failed', 'authentication', 'reminder', 'last_warning', 'blocked', 'cancelled'])),
  /** The account is to be blocked because of this invoice since then. */
  blockedAt: z.optional(instantSchema),
  /** The block is in force since then. */
  inForceAt: z.optional(instantSchema),
  /** The subscription that is being ended because of it: written before Stripe is asked. */
  cancelling: z.optional(z.nullable(z.string())),
  cancelledAt: z.optional(instantSchema),
  /** The invoice was settled: it blocks nothing any more. */
  endedAt: z.optional(instantSchema),
  /** Its block is lifted and it is listed no more. */
  finishedAt: z.optional(instantSchema),
  how: z.optional(z.enum(['paid', 'forgiven'])),
  /** Counts the changes of this item. */
  revision: z.int(),
})
export type Dunning = z.output<typeof dunningSchema>

const keyOf = ({ accountId, invoiceId }: Pick<Dunning, 'accountId' | 'invoiceId'>) => ({
  pk: `account#${accountId}`,
  sk: `dunning#${invoiceId}`,
})

export async function getDunning(
  billing: Table,
  of: Pick<Dunning, 'accountId' | 'invoiceId'>,
): Promise<Dunning | undefined> {
  const item = await billing.get(keyOf(of))
  return item && z.parse(dunningSchema, item)
}

/** Those of an account that have not ended. */
export async function listDunning(billing: Table, accountId: string): Promise<Dunning[]> {
  const items = await billing.query({ pk: `account#${accountId}`, prefix: 'dunning#' })
  return items.map(item => z.parse(dunningSchema, item)).filter(({ endedAt }) => endedAt === undefined)
}

/** Opens the record, or finds what is there. Listed first: a crash in between leaves a listing, never a lost invoice. */
export async function openDunning(billing: Table, record: Dunning): Promise<Dunning> {
  await listCollecting(billing, record, false)
  await billing.put({ ...record, ...keyOf(record) }, isNew)
  return (await getDunning(billing, record)) ?? record
}

/**
 * Changes a record together with the facts about it, on condition that nothing of it was changed since it was read and
 * that what it announced before is out. Undefined: look again.
 */
export async function changeDunning(
  billing: Table,
  read: Dunning,
  change: Partial<Omit<Dunning, 'accountId' | 'invoiceId' | 'revision'>>,
  now: Instant,
  events: readonly DomainEvent[] = [],
): Promise<Dunning | undefined> {
  const all = { ...change, revision: read.revision + 1, ...withEvents(now, events) }
  const item = await billing.update(
    keyOf(read),
    Object.entries(all).map(([set, to]) => ({ set, to })),
    [{ absent: 'outbox' }, { path: 'revision', equals: read.revision }],
  )
  return item && z.parse(dunningSchema, item)
}

/** Puts the facts that a record still carries on the bus. */
export const publishDunning = (
  billing: Table,
  publish: Publish,
  of: Pick<Dunning, 'accountId' | 'invoiceId'>,
): Promise<number> => publishPending(billing, publish, keyOf(of))

/** Every invoice that is being collected: `collecting` / `<invoice>`, so that jobs find them with one query. */
export type Collecting = {
  readonly accountId: string
  readonly invoiceId: string
  /** Calls are refused because of it: its payment must be noticed within a minute. */
  readonly blocked: boolean
}
const PARTITION = 'collecting'
const collectingSchema = z.object({ accountId: accountIdSchema, sk: z.string(), blocked: z.boolean() })

export async function listCollecting(
  billing: Table,
  { accountId, invoiceId }: Pick<Dunning, 'accountId' | 'invoiceId'>,
  blocked: boolean,
): Promise<void> {
  await billing.put({ pk: PARTITION, sk: invoiceId, accountId, blocked })
}

export async function readCollecting(billing: Table): Promise<Collecting[]> {
  const items = await billing.query({ pk: PARTITION })
  return items.map(item => {
    const { accountId, sk, blocked } = z.parse(collectingSchema, item)
    return { accountId, invoiceId: sk, blocked }
  })
}

export async function unlistCollecting(billing: Table, invoiceId: string): Promise<void> {
  await billing.remove({ pk: PARTITION, sk: invoiceId })
}
