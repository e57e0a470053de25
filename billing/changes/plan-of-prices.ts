import type { PlanVersion } from '#billing/contract'

/**
 * The version that a subscription, or a phase of its schedule, is sold as: the one with both of its prices. Two versions
 * may share their prices, so what its metadata names decides between them.
 */
export function versionOfPrices(
  versions: readonly PlanVersion[],
  sold: { readonly priceIds: readonly string[]; readonly planVersionId: string | null },
): PlanVersion | undefined {
  const found = versions.filter(
    ({ stripe }) =>
      stripe && sold.priceIds.includes(stripe.flatPriceId) && sold.priceIds.includes(stripe.meteredPriceId),
  )
  return found.find(({ planVersionId }) => planVersionId === sold.planVersionId) ?? found.at(-1)
}
