import { type PlanVersion, UNIT_PRICE_PLACES } from '#billing/contract'

/** What a month would cost on a plan, with the part of the usage that is charged. Amounts in minor units. */
export type Estimate = {
  readonly totalMinor: bigint
  readonly charged: readonly { readonly units: number; readonly unitPriceMinor: string }[]
}

const SCALE = 10n ** BigInt(UNIT_PRICE_PLACES)

/**
 * The bill of a month with so many units, for the price page; null where the plan would refuse some of them. Graduated
 * like the invoice: one line for every tier, each rounded half-up. It promises nothing: billing rates what is billed.
 */
export function estimateBill(plan: PlanVersion, units: number): Estimate | null {
  if (plan.hardLimitUnits !== null && units > plan.hardLimitUnits) return null
  let ratedUnits = 0
  let totalMinor = BigInt(plan.flatFeeMinor)
  const charged = []
  for (const { upToUnits, unitPriceMinor } of plan.tiers) {
    const inTier = Math.min(units, upToUnits ?? units) - ratedUnits
    if (inTier <= 0) continue
    ratedUnits += inTier
    const price = scaled(unitPriceMinor)
    if (price > 0n) charged.push({ units: inTier, unitPriceMinor })
    totalMinor += (2n * price * BigInt(inTier) + SCALE) / (2n * SCALE)
  }
  return { totalMinor, charged }
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

/** A decimal price in units of 10^-12 of a minor unit. */
function scaled(unitPriceMinor: string): bigint {
  const [whole = '', fraction = ''] = unitPriceMinor.split('.')
  return BigInt(whole + fraction.padEnd(UNIT_PRICE_PLACES, '0'))
}
