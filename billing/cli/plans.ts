import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod/mini'
import { billingContract, type Catalogue, type PlanVersion, planDefinitionSchema } from '#billing/contract'
import { type Call, client, type Invoke } from '#kernel/rpc'
import type { Instant } from '#kernel/time'

export type ApplyCatalogue = {
  /** Invokes billing's procedures. */
  readonly invoke: Invoke
  readonly catalogue: Catalogue
  /** Stamps the calls. */
  readonly now: () => Instant
  /** Between two looks at the price list. */
  readonly pause?: () => Promise<unknown>
  /** How often to look before giving up. */
  readonly looksMax?: number
}
export type Applied = { readonly planVersionIds: readonly string[]; readonly started: readonly string[] }

/** Together a minute; a plan takes a few seconds. */
const LOOKS_MAX = 240
const PAUSE_MS = 250

/**
 * Applies the price list and waits until every plan of it is on sale as written. Repeatable: an unchanged list starts
 * nothing. Throws when billing refuses the list, or when a plan does not come on sale.
 */
export async function applyCatalogue({
  invoke,
  catalogue,
  now,
  pause = () => setTimeout(PAUSE_MS),
  looksMax = LOOKS_MAX,
}: ApplyCatalogue): Promise<Applied> {
  const call = (): Call => ({
    now: now(),
    actor: { kind: 'service', service: 'operator' },
    requestId: 'plans-apply',
  })
  const billing = client(billingContract, invoke)
  const applied = await billing.applyPlans({ catalogue }, call())
  if (!applied.ok) throw new Error(`the price list is refused: ${applied.message}`)
  for (let look = 0; look < looksMax; look++) {
    const listed = await billing.listPlans({}, call())
    if (listed.ok) {
      const live = liveVersions(catalogue, listed.value.plans)
      if (live)
        return { planVersionIds: live.map(plan => plan.planVersionId), started: applied.value.started }
    }
    await pause()
  }
  throw new Error(`not every plan is on sale; see the executions ${applied.value.started.join(', ')}`)
}

/** The version on sale of every plan, or undefined while one of them is not as the list says. */
function liveVersions(catalogue: Catalogue, plans: readonly PlanVersion[]): PlanVersion[] | undefined {
  const live = catalogue.plans.flatMap(
    definition =>
      plans.find(
        plan => plan.id === definition.id && isDeepStrictEqual(definitionOf(plan), definitionOf(definition)),
      ) ?? [],
  )
  return live.length === catalogue.plans.length ? live : undefined
}

const definitionOf = (plan: z.input<typeof planDefinitionSchema>) => z.parse(planDefinitionSchema, plan)
