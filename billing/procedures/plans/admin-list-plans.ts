import type { billingContract, PlanVersion } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { countAccounts } from '../../accounts/account-index.ts'
import { readCheck } from '../../plans/check-drift.ts'
import { listDrafts } from '../../plans/drafts.ts'
import { checkDraft } from '../../plans/load-draft.ts'
import { describeMigration, listMigrations } from '../../plans/migrations.ts'
import { createExecutions, type Executions } from '../../workflows/executions.ts'
import { readWorkItem } from '../../workflows/work-item.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'
import { listPlans } from './list-plans.ts'

type Deps = Pick<BillingDeps, 'billing' | 'plans' | 'env'>

/**
 * Every version of every plan, newest first within a plan, with how many accounts are on it, and what is going on with
 * each plan: its draft, a publishing that is under way or failed, its newest migration. Needs an admin.
 */
export const adminListPlans =
  (
    deps: Deps,
    executions: Executions = createExecutions(),
  ): Handlers<typeof billingContract>['adminListPlans'] =>
  async (_input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const live = await listPlans(deps)({}, call)
    if (!live.ok) return live
    const liveIds = new Set(live.value.plans.map(({ planVersionId }) => planVersionId))
    const pointers = new Map((await deps.plans.listPointers()).map(pointer => [pointer.sk, pointer]))
    const accounts = await countAccounts(deps.billing)
    const versions = (await deps.plans.listVersions())
      .sort((a, b) => (a.id === b.id ? b.version - a.version : a.id < b.id ? -1 : 1))
      .map(version => ({
        ...version,
        live: liveIds.has(version.planVersionId),
        archivedAt: pointers.get(version.id)?.archivedAt ?? null,
        accounts: accounts.get(version.planVersionId) ?? 0,
      }))
    const drafts = await listDrafts(deps.billing)
    const migrations = await listMigrations(deps.billing)
    return ok({
      currency: versions[0]?.currency ?? live.value.currency,
      versions,
      drafts: await Promise.all(drafts.map(async draft => (await checkDraft(deps.plans, draft)).draft)),
      publishing: await listPublishing(
        deps,
        executions,
        versions,
        drafts.map(({ planId }) => planId),
      ),
      checked: await readCheck(deps.billing),
      migrations: await Promise.all(migrations.map(one => describeMigration(deps.billing, one))),
    })
  }

/** The next version of each plan, where it is being published or its publishing failed. */
async function listPublishing(
  { billing, env }: Deps,
  executions: Executions,
  versions: readonly PlanVersion[],
  draftIds: readonly string[],
) {
  const found = []
  for (const planId of new Set([...versions.map(({ id }) => id), ...draftIds])) {
    const newest = Math.max(0, ...versions.filter(({ id }) => id === planId).map(({ version }) => version))
    const planVersionId = `${planId}@${newest + 1}`
    const work = await readWorkItem(billing, 'publish-plan', planVersionId)
    if (!work?.owner) continue
    const status = await executions.status(env.PUBLISH_PLAN_MACHINE, work.owner)
    const state: 'running' | 'failed' = status === 'running' ? 'running' : 'failed'
    found.push({ planId, planVersionId, state, since: work.since })
  }
  return found
}
