import {
  formatMinor,
  formatUnitPrice,
  isZeroPrice,
  type PlanVersion,
  type RatedLine,
  type Tier,
} from '#billing/contract'
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
  const { usagePrice } = plan
  if (!('tiers' in usagePrice)) return [`Then ${describeUsagePrice(plan)}`]
  const paid = usagePrice.tiers.filter(tier => !isZeroTier(tier))
  return paid.map((tier, i) => {
    const price = describeTierPrice(plan, tier)
    const all = usagePrice.model === 'volume' ? ' for all of them' : ''
    if (tier.upToUnits === null) return `${i === 0 ? 'Then' : 'Beyond:'} ${price}${all}`
    return `Then ${price}${all}, up to ${formatCount(tier.upToUnits)}`
  })
}

/** Every tier on one line, for tables: `to 20,000: included`. */
export function describeTiers(plan: PlanVersion): string[] {
  const { usagePrice } = plan
  if (!('tiers' in usagePrice)) return [`all: ${describeUsagePrice(plan)}`]
  const all = usagePrice.model === 'volume' ? ' for all units' : ''
  return usagePrice.tiers.map(tier => {
    const price = isZeroTier(tier) ? 'included' : `${describeTierPrice(plan, tier)}${all}`
    return `${rangeOf(tier, usagePrice.tiers.length)}: ${price}`
  })
}

/** What a line of a rated month says: `5,000 at $1.50 per 1,000 checks`. */
export function describeCharge(plan: PlanVersion, line: RatedLine): string {
  const amount = formatAmount(String(line.amountMinor), plan.currency)
  if (line.kind === 'flat') return `${amount} for tier ${line.tierIndex + 1}`
  const price =
    line.kind === 'package'
      ? describeUsagePrice(plan)
      : formatUnitPrice(line.unitPriceMinor, plan.currency, plan.unit)
  return `${formatCount(line.quantityUnits)} at ${price}`
}

function rangeOf(tier: Tier, tierCount: number): string {
  if (tier.upToUnits !== null) return `to ${formatCount(tier.upToUnits)}`
  return tierCount === 1 ? 'all' : 'beyond'
}

/** The price of a model without tiers. */
function describeUsagePrice({ usagePrice, currency, unit }: PlanVersion): string {
  if ('packageUnits' in usagePrice) {
    const price = formatAmount(usagePrice.packagePriceMinor, currency)
    return `${price} per ${formatUnits(usagePrice.packageUnits, unit)}, a begun package paid whole`
  }
  if ('tiers' in usagePrice) throw new Error('a tiered price is described tier by tier')
  return isZeroPrice(usagePrice.unitPriceMinor)
    ? 'included'
    : formatUnitPrice(usagePrice.unitPriceMinor, currency, unit)
}

function describeTierPrice({ currency, unit }: Pick<PlanVersion, 'currency' | 'unit'>, tier: Tier): string {
  const price = formatUnitPrice(tier.unitPriceMinor, currency, unit)
  if (isZeroPrice(tier.flatMinor)) return price
  const flat = formatAmount(tier.flatMinor, currency)
  return isZeroPrice(tier.unitPriceMinor) ? flat : `${flat} + ${price}`
}

const isZeroTier = (tier: Tier): boolean => isZeroPrice(tier.unitPriceMinor) && isZeroPrice(tier.flatMinor)
