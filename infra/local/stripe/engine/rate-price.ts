import {
  DECIMAL_SCALE,
  divideHalfUp,
  formatDecimal,
  roundHalfUpProduct,
  type Scaled,
  storedDecimal,
} from './decimal.ts'
import { formatMoney, formatUnitPrice } from './format.ts'
import type { Price, PriceTier } from './wire.ts'

/** One invoice line of a price: `amount` in minor units, already rounded on its own. */
export type RatedLine = {
  readonly amount: number
  readonly quantity: Scaled
  readonly unitAmountDecimal: string
  readonly description: string
}

export type Rateable = {
  readonly price: Price
  readonly tiers: readonly PriceTier[]
  readonly productName: string
  readonly unitLabel: string | null
}

/**
 * The lines of a quantity. Graduated: one line per tier reached, and one per flat amount of a tier reached; volume: the
 * tier of the total. Each line is rounded half-up before anything is summed. A negative quantity counts as zero, and
 * zero still reaches tier 1. https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
 */
export function ratePrice(rateable: Rateable, quantity: Scaled): RatedLine[] {
  const units = quantity < 0n ? 0n : quantity
  if (rateable.price.billing_scheme !== 'tiered') return [perUnitLine(rateable, units)]
  const reached =
    rateable.price.tiers_mode === 'volume'
      ? volumeTier(rateable.tiers, units)
      : graduatedTiers(rateable.tiers, units)
  return reached.flatMap(part => tierLines(rateable, part))
}

type TierPart = { readonly tier: PriceTier; readonly number: number; readonly units: Scaled }

function graduatedTiers(tiers: readonly PriceTier[], units: Scaled): TierPart[] {
  const parts: TierPart[] = []
  let below = 0n
  for (const [index, tier] of tiers.entries()) {
    if (index > 0 && units <= below) break
    const top = tier.up_to === null ? units : smaller(units, BigInt(tier.up_to) * DECIMAL_SCALE)
    parts.push({ tier, number: index + 1, units: top - below })
    below = top
  }
  return parts
}

function volumeTier(tiers: readonly PriceTier[], units: Scaled): TierPart[] {
  const index = tiers.findIndex(tier => tier.up_to === null || units <= BigInt(tier.up_to) * DECIMAL_SCALE)
  const tier = tiers[index]
  return tier === undefined ? [] : [{ tier, number: index + 1, units }]
}

function tierLines(rateable: Rateable, part: TierPart): RatedLine[] {
  const { price, productName } = rateable
  const unitPrice = part.tier.unit_amount_decimal === null ? 0n : storedDecimal(part.tier.unit_amount_decimal)
  const lines: RatedLine[] = []
  if (part.tier.unit_amount_decimal !== null) {
    const at = `Tier ${part.number} at ${formatUnitPrice(unitPrice, price.currency)}${per(price)}`
    lines.push({
      amount: amountOf(part.units, unitPrice),
      quantity: part.units,
      unitAmountDecimal: formatDecimal(unitPrice),
      description: `${counted(part.units, rateable.unitLabel)} ${productName} (${at})`,
    })
  }
  if (part.tier.flat_amount !== null) {
    const flat = part.tier.flat_amount
    lines.push({
      amount: flat,
      quantity: 0n,
      unitAmountDecimal: String(flat),
      description: `${productName} (Tier ${part.number} at ${formatMoney(flat, price.currency)}${per(price)})`,
    })
  }
  return lines
}

function perUnitLine(rateable: Rateable, units: Scaled): RatedLine {
  const { price } = rateable
  const unitPrice = price.unit_amount_decimal === null ? 0n : storedDecimal(price.unit_amount_decimal)
  const at = `at ${formatUnitPrice(unitPrice, price.currency)}${per(price)}`
  return {
    amount: amountOf(packages(price, units), unitPrice),
    quantity: units,
    unitAmountDecimal: formatDecimal(unitPrice),
    description: `${counted(units, rateable.unitLabel)} ${rateable.productName} (${at})`,
  }
}

/** Whole packages, begun ones counted or not. */
function packages(price: Price, units: Scaled): Scaled {
  const transform = price.transform_quantity
  if (transform === null) return units
  const size = BigInt(transform.divide_by) * DECIMAL_SCALE
  return (transform.round === 'up' ? (units + size - 1n) / size : units / size) * DECIMAL_SCALE
}

/** Quantity times price, rounded half-up to the minor unit. */
function amountOf(units: Scaled, unitPrice: Scaled): number {
  return Number(roundHalfUpProduct(units * unitPrice))
}

function counted(units: Scaled, unitLabel: string | null): string {
  const count = formatDecimal(units)
  return unitLabel === null ? `${count} ×` : `${count} ${unitLabel} ×`
}

function per(price: Price): string {
  return price.recurring === null ? '' : ` / ${price.recurring.interval}`
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

/** Part of a whole amount, rounded half-up: `amount × numerator / denominator`. */
export function share(amount: number, numerator: number, denominator: number): number {
  return Number(divideHalfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator)))
}
