import { setTimeout } from 'node:timers/promises'
import { billingContract, type Catalogue, type PlanChangeLine, type PlanVersion } from '#billing/contract'
import { type Call, client, type Invoke } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { diffPlans, isSamePlan } from '../plans/diff-plans.ts'

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
export type Applied = {
  readonly planVersionIds: readonly string[]
  readonly started: readonly string[]
  /** Plans of the list that an admin put into the archive: left there. */
  readonly archived: readonly string[]
}

/** Together a minute; a plan takes a few seconds. */
const LOOKS_MAX = 240
const PAUSE_MS = 250

const callAs = (now: () => Instant): Call => ({
  now: now(),
  actor: { kind: 'service', service: 'operator' },
  requestId: 'plans-apply',
})

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
  const billing = client(billingContract, invoke)
  const applied = await billing.applyPlans({ catalogue }, callAs(now))
  if (!applied.ok) throw new Error(`the price list is refused: ${applied.message}`)
  const { started, archived } = applied.value
  const sold = { ...catalogue, plans: catalogue.plans.filter(({ id }) => !archived.includes(id)) }
  for (let look = 0; look < looksMax; look++) {
    const listed = await billing.listPlans({}, callAs(now))
    if (listed.ok) {
      const live = liveVersions(sold, listed.value.plans)
      if (live) return { planVersionIds: live.map(plan => plan.planVersionId), started, archived }
    }
    await pause()
  }
  throw new Error(`not every plan is on sale; see the executions ${started.join(', ')}`)
}

/** The version on sale of every plan, or undefined while one of them is not as the list says. */
function liveVersions(catalogue: Catalogue, plans: readonly PlanVersion[]): PlanVersion[] | undefined {
  const { currency, unit } = catalogue
  const live = catalogue.plans.flatMap(
    definition =>
      plans.find(plan => plan.id === definition.id && isSamePlan(plan, { ...definition, currency, unit })) ??
      [],
  )
  return live.length === catalogue.plans.length ? live : undefined
}

/** One plan that differs between the file and what is live. `note`: it is missing on one side, or in the archive. */
export type PlanDifference = {
  readonly planId: string
  /** Null: there is none. */
  readonly live: string | null
  readonly note: string | null
  readonly changes: readonly PlanChangeLine[]
}

/** What `apply` would change, and what it leaves to a person: nothing is archived or taken out of the archive by it. */
export async function diffWithLive(options: {
  readonly invoke: Invoke
  readonly catalogue: Catalogue
  readonly now: () => Instant
}): Promise<PlanDifference[]> {
  const { currency, unit, plans } = options.catalogue
  const listed = await client(billingContract, options.invoke).adminListPlans({}, callAs(options.now))
  if (!listed.ok) throw new Error(`billing does not list its plans: ${listed.message}`)
  const newest = [...Map.groupBy(listed.value.versions, ({ id }) => id).values()].flatMap(
    ([first]) => first ?? [],
  )
  const differences = plans.map((definition): PlanDifference => {
    const found = newest.find(({ id }) => id === definition.id)
    const changes = diffPlans(found ?? null, { ...definition, currency, unit })
    const note = !found ? 'is new' : found.archivedAt === null ? null : ARCHIVED
    return { planId: definition.id, live: found?.planVersionId ?? null, note, changes }
  })
  const surplus = newest
    .filter(({ id, archivedAt }) => archivedAt === null && plans.every(plan => plan.id !== id))
    .map(({ id, planVersionId }) => ({ planId: id, live: planVersionId, note: SURPLUS, changes: [] }))
  return [...differences, ...surplus].filter(({ note, changes }) => note !== null || changes.length > 0)
}

const ARCHIVED =
  'is in the archive, where apply leaves it: put it on sale under /admin/plans, or take it out of the file'
const SURPLUS = 'is on sale and not in the file: archive it under /admin/plans, or add it to the file'

/** `starter (live: starter@2)`, then a line for each change: `  Monthly fee: $29.00 → $39.00`. */
export function printDifferences(differences: readonly PlanDifference[]): string[] {
  return differences.flatMap(({ planId, live, note, changes }) => [
    `${planId}${live ? ` (live: ${live})` : ''}${note ? ` ${note}` : ''}`,
    ...changes.map(
      ({ label, before, after }) => `  ${label}: ${before ?? '(nothing)'} → ${after ?? '(nothing)'}`,
    ),
  ])
}
