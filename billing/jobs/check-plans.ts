import type { Drift } from '#billing/contract'
import type { Call } from '#kernel/rpc'
import { checkAndKeep, type DriftDeps } from '../plans/check-drift.ts'
import { listMigrations } from '../plans/migrations.ts'
import type { Executions } from '../workflows/executions.ts'
import { startMigration } from '../workflows/migrate-plan/start-migration.ts'

export type CheckPlansDeps = DriftDeps & {
  readonly executions: Executions
  readonly machines: { readonly migratePlan: string }
}
export type PlansChecked = { readonly drift: readonly Drift[]; readonly resumed: readonly string[] }

/**
 * The job of every day: what differs between the catalogue, Stripe and API Gateway, and migrations whose execution
 * failed or was never started.
 */
export async function checkPlans(deps: CheckPlansDeps, call: Call): Promise<PlansChecked> {
  const resumed: string[] = []
  for (const migration of await listMigrations(deps.billing)) {
    if (migration.state !== 'running' && migration.state !== 'undoing') continue
    const { migratePlan } = deps.machines
    const { started } = await startMigration(deps.billing, deps.executions, migratePlan, migration, call.now)
    if (started !== null) resumed.push(started)
  }
  return { drift: (await checkAndKeep(deps, call)).drift, resumed }
}
