import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { loadDraft } from '../../plans/load-draft.ts'
import { continueRehearsal, listRehearsed } from '../../plans/rehearsal.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'>

/** The next batch of customers on the draft. */
export const adminRehearseDraft =
  (deps: Deps): Handlers<typeof billingContract>['adminRehearseDraft'] =>
  async ({ planId, months, restart = false }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const loaded = await loadDraft(deps, planId)
    if (!loaded.ok) return loaded
    const { terms } = loaded.value
    if (!terms) return fail('draft_invalid', 'The draft has problems. Mend them and save it first.')
    return ok(await continueRehearsal(deps, { target: 'draft', terms, months, restart, now: call.now }))
  }

/** The same for customers on other versions of a plan, on one that is published. */
export const adminPreviewMigration =
  (deps: Deps): Handlers<typeof billingContract>['adminPreviewMigration'] =>
  async ({ planId, toVersionId, months, restart = false }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const terms = await deps.plans.getVersion(toVersionId)
    if (terms?.id !== planId) return fail('plan_not_found', `${toVersionId} is no version of ${planId}.`)
    return ok(await continueRehearsal(deps, { target: toVersionId, terms, months, restart, now: call.now }))
  }

export const adminListRehearsal =
  ({ billing }: Deps): Handlers<typeof billingContract>['adminListRehearsal'] =>
  async (input, call) =>
    refuseNonAdmin(call) ?? ok(await listRehearsed(billing, input))
