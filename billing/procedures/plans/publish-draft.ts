import type { billingContract } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { diffPlans } from '../../plans/diff-plans.ts'
import { loadDraft } from '../../plans/load-draft.ts'
import { createExecutions, type Executions } from '../../workflows/executions.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'
import { startPublish } from './start-publish.ts'

/** Publishes the draft that was read as the plan's next version. What happens then: `publish-plan`. */
export const adminPublishDraft =
  (
    deps: Pick<BillingDeps, 'billing' | 'plans' | 'env'>,
    executions: Executions = createExecutions(),
  ): Handlers<typeof billingContract>['adminPublishDraft'] =>
  async ({ planId, revision, reason }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const loaded = await loadDraft(deps, planId)
    if (!loaded.ok) return loaded
    const { draft, terms, newest, isArchived } = loaded.value
    if (draft.revision !== revision)
      return fail('draft_changed', 'The draft was saved again since you read it. Look at it once more.')
    if (isArchived) return fail('plan_archived', `${planId} is in the archive. Put it on sale again first.`)
    if (!terms) return fail('draft_invalid', 'The draft has problems. Mend them and save it first.')
    const changes = diffPlans(newest ?? null, terms)
    if (changes.length === 0)
      return fail(
        'draft_invalid',
        `The draft says the same as ${newest?.planVersionId}. There is nothing to publish.`,
      )
    const version = (newest?.version ?? 0) + 1
    const planVersionId = `${planId}@${version}`
    const { currency, unit, ...definition } = terms
    await appendAudit(deps.billing, call, {
      ...{ accountId: null, action: 'plan.publish_requested', reason },
      before: newest?.planVersionId ?? null,
      after: { planVersionId, changes },
    })
    const order = { definition, currency, unit, planVersionId, version, draftRevision: revision }
    const work = await startPublish(deps, executions, order, call.now)
    if (work.started === null)
      return fail('publish_running', `${planVersionId} is being published already: ${work.because}.`)
    return ok({ planVersionId, started: work.started })
  }
