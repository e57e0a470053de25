import type { UsagePrice } from '#billing/contract'

/**
 * What so many units cost, in minor units, in the simplest form that can be read off Stripe's documentation: every line
 * is rounded half up on its own. Shares no code with billing or with the Stripe stand-in.
 */
export function priceOf(price: UsagePrice, units: number): bigint {
  if (price.model === 'per_unit') return round(price.unitPriceMinor, units)
  if (price.model === 'package')
    return BigInt(Math.ceil(units / price.packageUnits)) * BigInt(price.packagePriceMinor)
  let total = 0n
  let below = 0
  for (const tier of price.tiers) {
    const end = tier.upToUnits ?? Number.POSITIVE_INFINITY
    const isReached = below === 0 || units > below
    if (price.model === 'graduated' && isReached)
      total += round(tier.unitPriceMinor, Math.max(0, Math.min(units, end) - below)) + BigInt(tier.flatMinor)
    if (price.model === 'volume' && isReached && units <= end)
      return round(tier.unitPriceMinor, units) + BigInt(tier.flatMinor)
    below = end
  }
  return total
}

const PLACES = 12

function round(unitPriceMinor: string, units: number): bigint {
  const [whole = '0', fraction = ''] = unitPriceMinor.split('.')
  const exact = BigInt(whole + fraction.padEnd(PLACES, '0')) * BigInt(units)
  const one = 10n ** BigInt(PLACES)
  const rest = exact % one
  return exact / one + (rest * 2n >= one ? 1n : 0n)
}
