import type { billingContract, Catalogue, PlanDefinition, PlanVersion } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { isSamePlan } from '../../plans/diff-plans.ts'
import { createExecutions, type Executions } from '../../workflows/executions.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'
import { startPublish } from './start-publish.ts'

/**
 * Starts `publish-plan` for every plan of the catalogue that differs from its newest version. Applying the same
 * catalogue again changes nothing: what is published is `unchanged`, what is being published is not started twice, and
 * what an admin put into the archive stays there.
 */
export const applyPlans =
  (
    deps: Pick<BillingDeps, 'billing' | 'plans' | 'env'>,
    executions: Executions = createExecutions(),
  ): Handlers<typeof billingContract>['applyPlans'] =>
  async ({ catalogue }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const versions = await deps.plans.listVersions()
    const live = await deps.plans.listLive()
    const inArchive = (await deps.plans.listPointers()).filter(({ archivedAt }) => archivedAt !== undefined)
    if (versions.some(({ currency }) => currency !== catalogue.currency))
      return fail('invalid_request', 'The currency is fixed at the first publish.')
    const archived = inArchive.map(({ sk }) => sk).filter(id => catalogue.plans.some(plan => plan.id === id))
    const plans = catalogue.plans.filter(({ id }) => !archived.includes(id))
    const unchanged: string[] = []
    const started: string[] = []
    for (const step of diffCatalogue({ ...catalogue, plans }, versions, live)) {
      if (step.kind === 'unchanged') unchanged.push(step.planVersionId)
      else {
        const { planVersionId, version, definition } = step
        const { currency, unit } = catalogue
        const order = { definition, currency, unit, planVersionId, version }
        await appendAudit(deps.billing, call, {
          ...{ accountId: null, action: 'plan.publish_requested', reason: 'the catalogue file was applied' },
          after: { planVersionId },
        })
        const work = await startPublish(deps, executions, order, call.now)
        if (work.started !== null) started.push(work.started)
      }
    }
    return ok({ published: [], unchanged, archived, started })
  }

export type CatalogueStep =
  | { readonly kind: 'unchanged'; readonly planVersionId: string }
  | {
      readonly kind: 'publish'
      readonly planVersionId: string
      readonly version: number
      readonly definition: PlanDefinition
    }

/** What has to happen so that the newest version of every plan is as the catalogue says, and on sale. */
export function diffCatalogue(
  { plans, currency, unit }: Catalogue,
  versions: readonly PlanVersion[],
  live: readonly PlanVersion[],
): CatalogueStep[] {
  return plans.map(definition => {
    const newest = versions
      .filter(({ id }) => id === definition.id)
      .reduce<PlanVersion | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined)
    if (!newest || !isSamePlan(newest, { ...definition, currency, unit })) {
      const version = (newest?.version ?? 0) + 1
      return { kind: 'publish', planVersionId: `${definition.id}@${version}`, version, definition }
    }
    const { planVersionId, version } = newest
    const isLive = live.some(one => one.planVersionId === planVersionId)
    return isLive
      ? { kind: 'unchanged', planVersionId }
      : { kind: 'publish', planVersionId, version, definition }
  })
}
