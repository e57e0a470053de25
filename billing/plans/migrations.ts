import * as z from 'zod/mini'
import {
  MIGRATED_STATES,
  type MigratedAccount,
  type Migration,
  migratedAccountSchema,
  migrationSchema,
} from '#billing/contract'
import { type DomainEvent, type Publish, publishPending, withEvents } from '#kernel/outbox'
import { instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'

/**
 * Migrations: `migrations` / `<plan>` is the newest one of a plan. Its customers are `migration#<id>` / `<account>`; what
 * is to be done, and when, is listed in `migration-due#<id>` / `<instant>#<account>`. A listing is written before the
 * customer's item says so and removed after it is done, so that nothing is forgotten.
 */
export const storedMigrationSchema = z.object({
  ...z.omit(migrationSchema, { counts: true }).shape,
  /** The execution that works on it; an older one ends by itself. */
  run: z.int(),
  /** How far the customers are listed; null: all are. */
  listing: z.nullable(z.object({ cursor: z.nullable(z.string()) })),
  /** Counts the changes. */
  revision: z.int(),
})
export type StoredMigration = z.output<typeof storedMigrationSchema>

const keyOf = (planId: string) => ({ pk: 'migrations', sk: planId })
const rowKey = (migrationId: string, accountId: string) => ({ pk: `migration#${migrationId}`, sk: accountId })
const duePartition = (migrationId: string): string => `migration-due#${migrationId}`

export async function getMigration(table: Table, planId: string): Promise<StoredMigration | undefined> {
  const item = await table.get(keyOf(planId))
  return item && z.parse(storedMigrationSchema, item)
}

export async function listMigrations(table: Table): Promise<StoredMigration[]> {
  return (await table.query({ pk: 'migrations' })).map(item => z.parse(storedMigrationSchema, item))
}

/** Replaces what was read, or makes it. Undefined: somebody else changed it meanwhile. */
export async function putMigration(
  table: Table,
  read: StoredMigration | undefined,
  next: Omit<StoredMigration, 'revision'>,
): Promise<StoredMigration | undefined> {
  const stored = { ...next, revision: (read?.revision ?? 0) + 1 }
  const conditions = read ? [{ path: 'revision', equals: read.revision } as const] : isNew
  return (await table.put({ ...stored, ...keyOf(next.planId) }, conditions)) ? stored : undefined
}

export async function getRow(
  table: Table,
  migrationId: string,
  accountId: string,
): Promise<MigratedAccount | undefined> {
  const item = await table.get(rowKey(migrationId, accountId))
  return item && z.parse(migratedAccountSchema, item)
}

/** Publishes what a cut-off step left unpublished: the next write of the item would take it away. */
export const announceRow = (
  table: Table,
  publish: Publish,
  migrationId: string,
  accountId: string,
): Promise<number> => publishPending(table, publish, rowKey(migrationId, accountId))

/** A customer who is listed already keeps what is known. */
export const addRow = (table: Table, migrationId: string, row: MigratedAccount): Promise<boolean> =>
  table.put({ ...row, ...rowKey(migrationId, row.accountId) }, isNew)

/** Says how a customer stands, and announces it with the same write. */
export async function putRow(
  table: Table,
  publish: Publish,
  migrationId: string,
  row: MigratedAccount,
  now: Instant,
  event?: DomainEvent,
): Promise<void> {
  const key = rowKey(migrationId, row.accountId)
  await table.put({ ...row, ...key, ...(event ? withEvents(now, [event]) : {}) })
  if (event) await publishPending(table, publish, key)
}

export async function listRows(
  table: Table,
  migrationId: string,
  page: { readonly cursor?: string | undefined; readonly limit?: number } = {},
): Promise<MigratedAccount[]> {
  const range = page.cursor === undefined ? {} : { from: `${page.cursor}~` }
  const limit = page.limit === undefined ? {} : { limit: page.limit }
  const items = await table.query({ pk: `migration#${migrationId}`, ...range, ...limit })
  return items.map(item => z.parse(migratedAccountSchema, item))
}

export type Due = { readonly sk: string; readonly at: Instant; readonly accountId: string }
const dueSchema = z.object({ sk: z.string(), at: instantSchema, accountId: z.string() })

export async function markMigrationDue(
  table: Table,
  migrationId: string,
  accountId: string,
  at: Instant,
): Promise<void> {
  await table.put({ pk: duePartition(migrationId), sk: `${toIso(at)}#${accountId}`, at, accountId })
}

/** The earliest, due or not. */
export async function listMigrationDue(table: Table, migrationId: string, limit: number): Promise<Due[]> {
  const items = await table.query({ pk: duePartition(migrationId), limit })
  return items.map(item => z.parse(dueSchema, item))
}

export const clearMigrationDue = (table: Table, migrationId: string, { sk }: Due): Promise<boolean> =>
  table.remove({ pk: duePartition(migrationId), sk })

/** With how many customers are in each state. */
export async function describeMigration(table: Table, stored: StoredMigration): Promise<Migration> {
  const counts = Object.fromEntries(MIGRATED_STATES.map(state => [state, 0])) as Migration['counts']
  for (const { state } of await listRows(table, stored.migrationId)) counts[state]++
  return z.parse(migrationSchema, { ...stored, counts })
}
