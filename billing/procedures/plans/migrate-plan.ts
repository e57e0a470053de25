import type { billingContract, Migration } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok, type Result } from '#kernel/result'
import type { Call, Handlers } from '#kernel/rpc'
import { toIso } from '#kernel/time'
import { countAccounts } from '../../accounts/account-index.ts'
import {
  describeMigration,
  getMigration,
  listRows,
  putMigration,
  type StoredMigration,
} from '../../plans/migrations.ts'
import { createExecutions, type Executions } from '../../workflows/executions.ts'
import { startMigration } from '../../workflows/migrate-plan/start-migration.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

export type MigrateDeps = Pick<BillingDeps, 'billing' | 'plans' | 'env'>
type Handler<N extends keyof typeof billingContract> = Handlers<typeof billingContract>[N]
const OVER: ReadonlySet<string> = new Set(['done', 'undone'])

/** A migration is one per plan at a time: two would pull the same customer to two versions. */
export const adminStartMigration =
  (deps: MigrateDeps, executions: Executions = createExecutions()): Handler<'adminStartMigration'> =>
  async ({ planId, toVersionId, noticeDays, reason }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const target = await deps.plans.getVersion(toVersionId)
    if (target?.id !== planId) return fail('plan_not_found', `${toVersionId} is no version of ${planId}.`)
    const before = await getMigration(deps.billing, planId)
    if (before && !OVER.has(before.state))
      return fail(
        'migration_running',
        `${planId} is being migrated to ${before.toVersionId}. Undo or finish that first.`,
      )
    const waiting = [...(await countAccounts(deps.billing))].filter(
      ([version, count]) => count > 0 && version.startsWith(`${planId}@`) && version !== toVersionId,
    )
    if (waiting.length === 0)
      return fail('nothing_to_migrate', `Everybody on ${planId} is on ${toVersionId} already.`)
    const migrationId = `${planId}-v${target.version}-${toIso(call.now).slice(0, 19).replace(/\D/g, '')}`
    await appendAudit(deps.billing, call, {
      ...{ accountId: null, action: 'plan.migration_started', reason },
      ...{ before: Object.fromEntries(waiting), after: { migrationId, toVersionId, noticeDays } },
    })
    return begin(deps, executions, before, call, {
      ...{ migrationId, planId, toVersionId, reason, noticeDays, state: 'running', startedAt: call.now },
      ...{ run: (before?.run ?? 0) + 1, listing: { cursor: null } },
    })
  }

export const adminResumeMigration =
  (deps: MigrateDeps, executions: Executions = createExecutions()): Handler<'adminResumeMigration'> =>
  async (input, call) => {
    const found = await openMigration(deps, input.planId, call)
    if (!found.ok) return found
    const before = found.value
    if (before.state === 'undoing')
      return fail('migration_running', 'It is being undone. Start another one afterwards.')
    await audit(deps, call, 'plan.migration_resumed', before, input.reason)
    const next = { ...before, state: 'running' as const, run: before.run + 1, listing: { cursor: null } }
    return begin(deps, executions, before, call, next)
  }

export const adminUndoMigration =
  (deps: MigrateDeps, executions: Executions = createExecutions()): Handler<'adminUndoMigration'> =>
  async (input, call) => {
    const found = await openMigration(deps, input.planId, call)
    if (!found.ok) return found
    const before = found.value
    await audit(deps, call, 'plan.migration_undone', before, input.reason)
    const next = { ...before, state: 'undoing' as const, run: before.run + 1, listing: { cursor: null } }
    return begin(deps, executions, before, call, next)
  }

/** The execution of the run before ends by itself. */
export const adminPauseMigration =
  (deps: MigrateDeps): Handler<'adminPauseMigration'> =>
  async (input, call) => {
    const found = await openMigration(deps, input.planId, call)
    if (!found.ok) return found
    const before = found.value
    if (before.state === 'paused') return ok(await describeMigration(deps.billing, before))
    if (before.state !== 'running')
      return fail('migration_running', 'It is being undone and cannot be paused.')
    await audit(deps, call, 'plan.migration_paused', before, input.reason)
    const paused = await putMigration(deps.billing, before, {
      ...before,
      state: 'paused',
      run: before.run + 1,
    })
    return paused ? ok(await describeMigration(deps.billing, paused)) : CHANGED
  }

const PAGE = 50
export const adminGetMigration =
  ({ billing }: MigrateDeps): Handler<'adminGetMigration'> =>
  async ({ planId, cursor }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const stored = await getMigration(billing, planId)
    if (!stored) return fail('migration_not_found', `${planId} was never migrated.`)
    const rows = await listRows(billing, stored.migrationId, {
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    })
    const nextCursor = rows.length < PAGE ? null : (rows.at(-1)?.accountId ?? null)
    return ok({ migration: await describeMigration(billing, stored), rows, nextCursor })
  }

async function openMigration(
  { billing }: MigrateDeps,
  planId: string,
  call: Call,
): Promise<Result<StoredMigration>> {
  const refusal = refuseNonAdmin(call)
  if (refusal) return refusal
  const stored = await getMigration(billing, planId)
  if (!stored || OVER.has(stored.state))
    return fail('migration_not_found', `${planId} is not being migrated.`)
  return ok(stored)
}

/** Stored first: an execution that is not started is started by pressing again, or by the daily check. */
async function begin(
  { billing, env }: MigrateDeps,
  executions: Executions,
  before: StoredMigration | undefined,
  call: Call,
  next: Omit<StoredMigration, 'revision'>,
): Promise<Result<Migration>> {
  const stored = await putMigration(billing, before, next)
  if (!stored) return CHANGED
  await startMigration(billing, executions, env.MIGRATE_PLAN_MACHINE, stored, call.now)
  return ok(await describeMigration(billing, stored))
}

const audit = (
  { billing }: MigrateDeps,
  call: Call,
  action: string,
  { migrationId, state }: StoredMigration,
  reason: string,
): Promise<void> =>
  appendAudit(billing, call, {
    accountId: null,
    action,
    before: { migrationId, state },
    after: { migrationId },
    reason,
  })

const CHANGED = fail(
  'migration_running',
  'Somebody else changed this migration at the same moment. Look at it again.',
)
