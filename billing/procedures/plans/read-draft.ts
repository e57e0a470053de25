import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { diffPlans } from '../../plans/diff-plans.ts'
import { removeDraft } from '../../plans/drafts.ts'
import { loadDraft } from '../../plans/load-draft.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

type Deps = Pick<BillingDeps, 'billing' | 'plans'>

/** The draft, and the version that it would replace. */
export const adminGetDraft =
  (deps: Deps): Handlers<typeof billingContract>['adminGetDraft'] =>
  async ({ planId }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const loaded = await loadDraft(deps, planId)
    if (!loaded.ok) return loaded
    return ok({ draft: loaded.value.draft, live: loaded.value.newest ?? null })
  }

/** What publishing the draft would change, in words. Nothing while it has problems. */
export const adminDiffDraft =
  (deps: Deps): Handlers<typeof billingContract>['adminDiffDraft'] =>
  async ({ planId }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const loaded = await loadDraft(deps, planId)
    if (!loaded.ok) return loaded
    const { draft, terms, newest } = loaded.value
    const changes = terms ? diffPlans(newest ?? null, terms) : []
    return ok({ draft, live: newest?.planVersionId ?? null, changes })
  }

/** False when it was saved again since it was read, or is gone. */
export const adminDiscardDraft =
  ({ billing }: Deps): Handlers<typeof billingContract>['adminDiscardDraft'] =>
  async ({ planId, revision }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    return ok({ discarded: await removeDraft(billing, planId, revision) })
  }
