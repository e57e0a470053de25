import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { countAccounts } from '../accounts/account-index.ts'
import { refuseNonAdmin } from './authorise.ts'
import type { BillingDeps } from './deps.ts'
import { listPlans } from './list-plans.ts'

/** Every version of every plan, newest first within a plan, with how many accounts are on it. Needs an admin. */
export const adminListPlans =
  (deps: Pick<BillingDeps, 'billing' | 'plans'>): Handlers<typeof billingContract>['adminListPlans'] =>
  async (_input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const live = await listPlans(deps)({}, call)
    if (!live.ok) return live
    const liveIds = new Set(live.value.plans.map(({ planVersionId }) => planVersionId))
    const accounts = await countAccounts(deps.billing)
    const versions = (await deps.plans.listVersions())
      .sort((a, b) => (a.id === b.id ? b.version - a.version : a.id < b.id ? -1 : 1))
      .map(version => ({
        ...version,
        live: liveIds.has(version.planVersionId),
        accounts: accounts.get(version.planVersionId) ?? 0,
      }))
    return ok({ currency: live.value.currency, versions })
  }
