import { formatMinor, formatUnitPrice, type PlanVersion, type Tier } from '#billing/contract'
import { formatCount, formatUnits } from './numbers.ts'

/** An amount from the wire: `"2900"` -> `$29.00`. */
export const formatAmount = (amountMinor: string, currency: string): string =>
  formatMinor(BigInt(amountMinor), currency)

/** A round fee without its zeros, for headlines: `$29`, `$29.50`. */
export const formatFee = (amountMinor: string, currency: string): string =>
  formatAmount(amountMinor, currency).replace(/\.0+$/, '')

/** What a plan gives and costs, as lines for a card. Sub-cent prices are per 1,000 or per million. */
export function describePlan(plan: PlanVersion): string[] {
  const included = `${formatUnits(plan.includedUnits, plan.unit)} a month included`
  const { ratePerSecond, burst } = plan.limits
  return [
    included,
    ...describeOverage(plan),
    `${formatCount(ratePerSecond)} requests/s, bursts of ${formatCount(burst)}`,
  ]
}

function describeOverage(plan: PlanVersion): string[] {
  if (plan.hardLimitUnits !== null)
    return [`Calls stop at ${formatCount(plan.hardLimitUnits)}: no bill, ever`]
  const paid = plan.tiers.filter(tier => !isZero(tier))
  return paid.map((tier, i) => {
    const price = formatUnitPrice(tier.unitPriceMinor, plan.currency, plan.unit)
    if (tier.upToUnits === null) return i === 0 ? `Then ${price}` : `Beyond: ${price}`
    return `Then ${price}, up to ${formatCount(tier.upToUnits)}`
  })
}

const isZero = (tier: Tier): boolean => /^0+(\.0*)?$/.test(tier.unitPriceMinor)

/** Every tier on one line, for tables: `to 20,000: included`. */
export function describeTiers(plan: PlanVersion): string[] {
  return plan.tiers.map(tier => {
    const price = isZero(tier) ? 'included' : formatUnitPrice(tier.unitPriceMinor, plan.currency, plan.unit)
    return tier.upToUnits === null
      ? plan.tiers.length === 1
        ? `all: ${price}`
        : `beyond: ${price}`
      : `to ${formatCount(tier.upToUnits)}: ${price}`
  })
}
