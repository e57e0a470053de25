import { isZeroPrice, type PlanVersion, type RatedLine, rate, totalOf } from '#billing/contract'

/** What a month would cost on a plan, with the part of the usage that is charged. Amounts in minor units. */
export type Estimate = {
  readonly totalMinor: bigint
  readonly charged: readonly RatedLine[]
}

/**
 * The bill of a month with so many units, for the price page; null where the plan would refuse some of them. Rated
 * like the invoice; it promises nothing.
 */
export function estimateBill(plan: PlanVersion, units: number): Estimate | null {
  if (plan.hardLimitUnits !== null && units > plan.hardLimitUnits) return null
  const lines = rate(plan.usagePrice, units)
  return {
    totalMinor: BigInt(plan.flatFeeMinor) + totalOf(lines),
    charged: lines.filter(
      line => !isZeroPrice(line.unitPriceMinor) && (line.kind === 'flat' || line.quantityUnits > 0),
    ),
  }
}

/** The plan with the lowest bill that serves all the units; the first of equal ones. */
export function cheapest(plans: readonly PlanVersion[], units: number): PlanVersion | undefined {
  let best: { plan: PlanVersion; totalMinor: bigint } | undefined
  for (const plan of plans) {
    const estimate = estimateBill(plan, units)
    if (estimate && (!best || estimate.totalMinor < best.totalMinor))
      best = { plan, totalMinor: estimate.totalMinor }
  }
  return best?.plan
}
