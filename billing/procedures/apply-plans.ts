import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod/mini'
import {
  type billingContract,
  type Catalogue,
  type PlanDefinition,
  type PlanVersion,
  planDefinitionSchema,
} from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { createExecutions, type Executions } from '../workflows/executions.ts'
import { startWork } from '../workflows/start-work.ts'
import { refuseNonAdmin } from './authorise.ts'
import type { BillingDeps } from './deps.ts'

/**
 * Starts `publish-plan` for every plan of the catalogue that differs from its newest version. Applying the same
 * catalogue again changes nothing: what is published is `unchanged`, what is being published is not started twice.
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
    if (versions.some(({ currency }) => currency !== catalogue.currency))
      return fail('invalid_request', 'The currency is fixed at the first publish.')
    const published: string[] = []
    const unchanged: string[] = []
    const started: string[] = []
    for (const step of diffCatalogue(catalogue, versions, live)) {
      if (step.kind === 'unchanged') unchanged.push(step.planVersionId)
      else {
        const { planVersionId, version, definition } = step
        const { currency, unit } = catalogue
        const order = {
          machine: 'publish-plan',
          machineArn: deps.env.PUBLISH_PLAN_MACHINE,
          object: planVersionId,
          subject: planVersionId.replace('@', '-v'),
          input: { definition, currency, unit, planVersionId, version },
        } as const
        const work = await startWork(deps.billing, executions, order, call.now)
        if (work.started !== null) started.push(work.started)
      }
    }
    return ok({ published, unchanged, started })
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
  catalogue: Catalogue,
  versions: readonly PlanVersion[],
  live: readonly PlanVersion[],
): CatalogueStep[] {
  return catalogue.plans.map(definition => {
    const newest = versions
      .filter(({ id }) => id === definition.id)
      .reduce<PlanVersion | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined)
    if (!newest || newest.unit !== catalogue.unit || !isSame(definition, newest)) {
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

/** Compares what the owner writes; order of members does not matter. */
const isSame = (definition: PlanDefinition, version: PlanVersion): boolean =>
  isDeepStrictEqual(z.parse(planDefinitionSchema, definition), z.parse(planDefinitionSchema, version))
