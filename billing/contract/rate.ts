import type { Tier } from './catalogue.ts'
import { type Minor, UNIT_PRICE_PLACES } from './money.ts'

/** One line of a rated quantity: what fell into one tier. */
export type RatedLine = {
  readonly tierIndex: number
  readonly quantityUnits: number
  /** Price of one unit in minor units, up to 12 places, as the plan writes it. */
  readonly unitPriceMinor: string
  readonly amountMinor: Minor
}

const SCALE = 10n ** BigInt(UNIT_PRICE_PLACES)

/**
 * Rates units on graduated tiers: one line for every tier that is reached, each rounded half-up (away from zero) to a
 * whole minor unit on its own before anything is summed, as Stripe does
 * (https://docs.stripe.com/billing/subscriptions/usage-based/pricing-models,
 * https://stripe.com/docs/billing/subscriptions/decimal-amounts). Zero or fewer units are one zero line of the first
 * tier. Throws `RangeError` when units are not a safe integer or exceed a last tier that has an end.
 */
export function rate(tiers: readonly Tier[], units: number): RatedLine[] {
  if (!Number.isSafeInteger(units)) throw new RangeError(`not a quantity of units: ${units}`)
  const first = tiers[0]
  if (!first) throw new RangeError('a price needs a tier')
  if (units <= 0) return [line(first, 0, 0)]
  const lines: RatedLine[] = []
  let ratedUnits = 0
  for (const [tierIndex, tier] of tiers.entries()) {
    const upToUnits = Math.min(units, tier.upToUnits ?? units)
    if (upToUnits <= ratedUnits) continue
    lines.push(line(tier, tierIndex, upToUnits - ratedUnits))
    ratedUnits = upToUnits
  }
  if (ratedUnits !== units) throw new RangeError(`no tier prices unit ${ratedUnits + 1}`)
  return lines
}

/** Sum of the rounded lines. */
export const totalOf = (lines: readonly RatedLine[]): Minor =>
  lines.reduce((total, { amountMinor }) => total + amountMinor, 0n)

/**
 * The exact inverse: the greatest number of units whose total is at most `capMinor`; null when no number of units
 * exceeds it (the last tier is free). A negative cap allows nothing, a cap of zero what rounds to nothing.
 */
export function unitsAtCap(tiers: readonly Tier[], capMinor: Minor): number | null {
  if (capMinor < 0n) return 0
  let leftMinor = capMinor
  let startUnits = 0
  for (const tier of tiers) {
    const price = scaledPrice(tier.unitPriceMinor)
    const size = tier.upToUnits === null ? null : tier.upToUnits - startUnits
    const reach = price === 0n ? null : unitsRoundedTo(price, leftMinor)
    if (size === null || (reach !== null && reach < size))
      return reach === null ? null : Math.min(startUnits + reach, MAX_UNITS)
    leftMinor -= lineMinor(price, size)
    startUnits += size
  }
  throw new RangeError('the last tier must have no end')
}

const line = (tier: Tier, tierIndex: number, quantityUnits: number): RatedLine => ({
  tierIndex,
  quantityUnits,
  unitPriceMinor: tier.unitPriceMinor,
  amountMinor: lineMinor(scaledPrice(tier.unitPriceMinor), quantityUnits),
})

/** The one place that rounds: half of a minor unit goes up. */
const lineMinor = (price: bigint, units: number): Minor => (2n * price * BigInt(units) + SCALE) / (2n * SCALE)

/** Greatest `n` with `lineMinor(price, n) <= amountMinor`, that is `n * price < amount + 1/2`. */
function unitsRoundedTo(price: bigint, amountMinor: Minor): number {
  const units = ((2n * amountMinor + 1n) * SCALE - 1n) / (2n * price)
  return Number(units > BigInt(MAX_UNITS) ? BigInt(MAX_UNITS) : units)
}
/** Units are safe integers; a price so small that a cap lies beyond them never reaches it. */
const MAX_UNITS = Number.MAX_SAFE_INTEGER

/** A unit price in units of 10^-12 of a minor unit. */
function scaledPrice(unitPriceMinor: string): bigint {
  const [whole = '', fraction = ''] = unitPriceMinor.split('.')
  return BigInt(whole + fraction.padEnd(UNIT_PRICE_PLACES, '0'))
}
