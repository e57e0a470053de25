import type { PlanVersion } from '#billing/contract'
import { countAccounts } from '../accounts/account-index.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import type { CatalogueStripe } from './ports.ts'

/** What of a plan should be active at Stripe. */
export type WantedSale = {
  readonly products: readonly { readonly id: string; readonly active: boolean }[]
  readonly prices: readonly {
    readonly id: string
    readonly planVersionId: string
    readonly active: boolean
  }[]
}
export type SaleFacts = {
  /** All versions of one plan. */
  readonly versions: readonly PlanVersion[]
  readonly isArchived: boolean
  /** Accounts by plan version. */
  readonly accounts: ReadonlyMap<string, number>
}

/**
 * A plan on sale needs its products and the newest version's prices. One in the archive needs them for as long as
 * anybody is on the plan: a schedule, a resumed subscription or a migration may still name them. Of an archived plan,
 * prices of versions that nobody is on are archived; replaced ones of a plan on sale are left as they are.
 */
export function wantedSale({ versions, isArchived, accounts }: SaleFacts): WantedSale {
  const newest = versions.reduce<PlanVersion | undefined>(
    (a, b) => (a && a.version > b.version ? a : b),
    undefined,
  )
  const on = (version: PlanVersion) => accounts.get(version.planVersionId) ?? 0
  const isUsed = versions.some(version => on(version) > 0)
  const products = newest?.stripe ? [newest.stripe.productId, newest.stripe.usageProductId ?? ''] : []
  return {
    products: [...new Set(products)].filter(Boolean).map(id => ({ id, active: !isArchived || isUsed })),
    prices: versions.flatMap(version => {
      const { planVersionId, stripe } = version
      if (!stripe) return []
      const active = on(version) > 0 || (version === newest && (!isArchived || isUsed))
      if (!active && !isArchived) return []
      return [stripe.flatPriceId, stripe.meteredPriceId].map(id => ({ id, planVersionId, active }))
    }),
  }
}

/** Brings Stripe to what is wanted; what is so already is not written. The number of changes. */
export async function alignSale(
  { billing, plans }: Pick<BillingDeps, 'billing' | 'plans'>,
  stripe: CatalogueStripe,
  planId: string,
): Promise<number> {
  const versions = (await plans.listVersions()).filter(({ id }) => id === planId)
  const pointer = await plans.getPointer(planId)
  const accounts = await countAccounts(billing)
  const wanted = wantedSale({ versions, isArchived: pointer?.archivedAt !== undefined, accounts })
  let changes = 0
  for (const { id, active } of wanted.products) {
    const product = await stripe.readProduct(id)
    if (!product || product.active === active) continue
    await stripe.setProductActive(id, active)
    changes++
  }
  for (const { id, active } of wanted.prices) {
    const price = await stripe.readPrice(id)
    if (!price || price.active === active) continue
    await stripe.setPriceActive(id, active)
    changes++
  }
  return changes
}
