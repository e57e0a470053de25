import { DAY_MS, type Instant, instant, MINUTE_MS, plusMs, toIso } from '#kernel/time'
import {
  addRow,
  clearMigrationDue,
  type Due,
  getMigration,
  getRow,
  listMigrationDue,
  listRows,
  markMigrationDue,
  putMigration,
} from '../../plans/migrations.ts'
import { pageAccounts } from '../../plans/page-accounts.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { migrateAccount, type Task } from './migrate-account.ts'
import type { MigratePorts, MigrateState } from './state.ts'
import { undoAccount } from './undo-account.ts'

/** Accounts listed, and customers moved, by one step: each of the latter is a handful of calls to Stripe. */
const LIST_BATCH = 200
const MOVE_BATCH = 20
/** However far the next renewal is: an execution looks at least so often whether it was paused or replaced. */
const LONGEST_WAIT_MS = DAY_MS
const SHORTEST_WAIT_MS = MINUTE_MS

/**
 * Does one batch of what a migration lacks, from its state alone, and says what next: `more`, `wait` until `wakeAt`, or
 * `over`. An execution that is not the migration's newest one ends.
 */
export async function advanceMigration(
  ports: MigratePorts,
  state: MigrateState,
  now: Instant,
): Promise<MigrateState> {
  const migration = await getMigration(ports.billing, state.planId)
  if (migration?.migrationId !== state.migrationId || migration.run !== state.run) return over(state)
  const target = await ports.plans.getVersion(migration.toVersionId)
  if (!target) throw new WorkflowStateInvalid(`${migration.toVersionId} is not published`)
  if (migration.state !== 'running' && migration.state !== 'undoing') return over(state)
  const task = { ports, migration, target, now }
  if (!migration.listing) return move(task, state)
  const list = migration.state === 'undoing' ? listRowsAgain : listCustomers
  const cursor = await list(task, migration.listing.cursor)
  // Changed meanwhile, by a pause for instance: the next look sees it.
  await putMigration(ports.billing, migration, { ...migration, listing: cursor === null ? null : { cursor } })
  return { ...state, outcome: 'more' }
}

/** Adds the next customers on other versions of the plan, each listed as due before the list counts it. */
async function listCustomers({ ports, migration, now }: Task, cursor: string | null): Promise<string | null> {
  const { migrationId, planId, toVersionId } = migration
  const page = await pageAccounts(ports.billing, cursor, LIST_BATCH)
  for (const { accountId, planVersionId } of page.accounts) {
    if (!planVersionId.startsWith(`${planId}@`) || planVersionId === toVersionId) continue
    const row = { accountId, fromVersionId: planVersionId, at: null, reason: null }
    await markMigrationDue(ports.billing, migrationId, accountId, now)
    await addRow(ports.billing, migrationId, { ...row, state: 'pending' })
  }
  return page.nextCursor
}

/** Undoing looks at once at everybody who is listed, not only when they renew. */
async function listRowsAgain({ ports, migration, now }: Task, cursor: string | null): Promise<string | null> {
  const { migrationId } = migration
  const page = { limit: LIST_BATCH, ...(cursor !== null && { cursor }) }
  const rows = await listRows(ports.billing, migrationId, page)
  for (const { accountId, state } of rows)
    if (state !== 'migrated' && state !== 'undone')
      await markMigrationDue(ports.billing, migrationId, accountId, now)
  return rows.length < LIST_BATCH ? null : (rows.at(-1)?.accountId ?? null)
}

async function move(task: Task, state: MigrateState): Promise<MigrateState> {
  const { ports, migration, now } = task
  const { migrationId } = migration
  const isUndoing = migration.state === 'undoing'
  const listed = await listMigrationDue(ports.billing, migrationId, MOVE_BATCH)
  const [next] = listed
  if (!next) {
    await putMigration(ports.billing, migration, { ...migration, state: isUndoing ? 'undone' : 'done' })
    // Changed meanwhile: another execution goes on.
    return over(state)
  }
  const due = listed.filter(({ at }) => at <= now)
  for (const one of due) {
    await (isUndoing ? undoAccount : migrateAccount)(task, one.accountId)
    await clearMigrationDue(ports.billing, migrationId, one)
  }
  const forgotten = isUndoing ? await forget(task, listed.slice(due.length)) : 0
  return due.length + forgotten > 0 ? { ...state, outcome: 'more' } : waitUntil(state, next.at, now)
}

/** Nothing will happen at the renewal of a customer who was put back. */
async function forget({ ports, migration }: Task, later: readonly Due[]): Promise<number> {
  let count = 0
  for (const one of later) {
    const row = await getRow(ports.billing, migration.migrationId, one.accountId)
    if (row?.state === 'scheduled') continue
    await clearMigrationDue(ports.billing, migration.migrationId, one)
    count++
  }
  return count
}

function waitUntil(state: MigrateState, at: Instant, now: Instant): MigrateState {
  const earliest = plusMs(now, SHORTEST_WAIT_MS)
  const latest = plusMs(now, LONGEST_WAIT_MS)
  return { ...state, outcome: 'wait', wakeAt: toIso(instant(Math.min(latest, Math.max(earliest, at)))) }
}

const over = (state: MigrateState): MigrateState => ({ ...state, outcome: 'over' })
