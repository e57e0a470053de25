import * as z from 'zod/mini'
import { limitSetIdOf } from '#api/contract'
import { type Drift, type DriftCheck, driftCheckSchema, type PlanVersion } from '#billing/contract'
import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { countAccounts } from '../accounts/account-index.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { serviceCall } from '../procedures/service-call.ts'
import { gatewayDrift, isWatched, type StripeFacts, stripeDrift } from './drift.ts'
import type { CatalogueStripe } from './ports.ts'
import type { SaleFacts } from './sale.ts'

export type DriftDeps = Pick<BillingDeps, 'access' | 'billing' | 'plans'> & {
  readonly catalogue: CatalogueStripe
}

/**
 * Compares every plan with Stripe and API Gateway: its newest version, and those that somebody is on. Reads only. Throws
 * when one of them cannot be asked: no answer is no agreement.
 */
export async function checkDrift(deps: DriftDeps, call: Call): Promise<Drift[]> {
  const versions = await deps.plans.listVersions()
  const pointers = new Map((await deps.plans.listPointers()).map(pointer => [pointer.sk, pointer]))
  const accounts = await countAccounts(deps.billing)
  const drift: Drift[] = []
  const watched: PlanVersion[] = []
  for (const [planId, ofPlan] of Map.groupBy(versions, ({ id }) => id)) {
    const isArchived = pointers.get(planId)?.archivedAt !== undefined
    const sale: SaleFacts = { versions: ofPlan, isArchived, accounts }
    watched.push(...ofPlan.filter(version => isWatched(version, sale)))
    drift.push(...stripeDrift(sale, await readFacts(deps.catalogue, ofPlan)))
  }
  return [...drift, ...(await checkLimits(deps, watched, call))]
}

const CHECK_KEY = { pk: 'plan-drift', sk: 'newest' }

/** Checks, and keeps what was found for the admin pages. */
export async function checkAndKeep(deps: DriftDeps, call: Call): Promise<DriftCheck> {
  const check = { checkedAt: call.now, drift: await checkDrift(deps, call) }
  await deps.billing.put({ ...check, ...CHECK_KEY })
  return check
}

/** What the newest check found. */
export async function readCheck(billing: Table): Promise<DriftCheck | null> {
  const item = await billing.get(CHECK_KEY)
  return item ? z.parse(driftCheckSchema, item) : null
}

async function readFacts(catalogue: CatalogueStripe, versions: readonly PlanVersion[]): Promise<StripeFacts> {
  const facts = { products: new Map(), prices: new Map(), meters: new Map() }
  for (const { stripe } of versions) {
    if (!stripe) continue
    for (const id of [stripe.productId, stripe.usageProductId])
      if (id && !facts.products.has(id)) facts.products.set(id, await catalogue.readProduct(id))
    for (const id of [stripe.flatPriceId, stripe.meteredPriceId])
      if (!facts.prices.has(id)) facts.prices.set(id, await catalogue.readPrice(id))
    if (!facts.meters.has(stripe.meterId))
      facts.meters.set(stripe.meterId, await catalogue.readMeter(stripe.meterId))
  }
  return facts
}

async function checkLimits(
  { access }: DriftDeps,
  watched: readonly PlanVersion[],
  call: Call,
): Promise<Drift[]> {
  const limits = watched.map(version => version.limits)
  const byId = new Map(limits.map(one => [limitSetIdOf(one), one]))
  const asked = await access.checkLimitSets(
    { limitSetIds: [...byId.keys()] },
    serviceCall(call.now, call.requestId),
  )
  if (!asked.ok) throw new Error(`checkLimitSets: ${asked.code}: ${asked.message}`)
  return gatewayDrift([...byId.values()], asked.value.limitSets)
}
