import type { Tier, UsagePrice } from './catalogue.ts'
import { type Minor, UNIT_PRICE_PLACES } from './money.ts'

/** One line of a rated quantity, as Stripe puts it on an invoice. */
export type RatedLine = {
  /** `flat`: the fee of a tier that was reached, without units. `package`: the price is that of a package. */
  readonly kind: 'units' | 'flat' | 'package'
  readonly tierIndex: number
  readonly quantityUnits: number
  /** Price of one unit, of the flat fee, or of one package, in minor units, as the plan writes it. */
  readonly unitPriceMinor: string
  readonly amountMinor: Minor
}

const SCALE = 10n ** BigInt(UNIT_PRICE_PLACES)
/** Units are safe integers; a price so small that a cap lies beyond them never reaches it. */
const MAX_UNITS = Number.MAX_SAFE_INTEGER

/**
 * Rates units as Stripe does (https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing,
 * https://stripe.com/docs/billing/subscriptions/decimal-amounts): graduated prices make one line for every tier that is
 * reached, volume prices one for the tier of the total, each followed by one for the tier's flat fee if it has one. Every
 * line is rounded half-up (away from zero) to a whole minor unit on its own before anything is summed. Zero or fewer
 * units reach the first tier. Throws `RangeError` when units are not a safe integer or exceed a last tier that has an
 * end.
 */
export function rate(price: UsagePrice, units: number): RatedLine[] {
  if (!Number.isSafeInteger(units)) throw new RangeError(`not a quantity of units: ${units}`)
  const quantityUnits = Math.max(0, units)
  switch (price.model) {
    case 'per_unit':
      return [unitsLine(price.unitPriceMinor, 0, quantityUnits)]
    case 'package':
      return [packageLine(price, quantityUnits)]
    case 'volume':
      return volumeLines(price.tiers, quantityUnits)
    case 'graduated':
      return graduatedLines(price.tiers, quantityUnits)
  }
}

/** Sum of the rounded lines. */
export const totalOf = (lines: readonly RatedLine[]): Minor =>
  lines.reduce((total, { amountMinor }) => total + amountMinor, 0n)

/**
 * The exact inverse: the greatest number of units such that it, and every smaller number, costs at most `capMinor`; null
 * when no number of units costs more. (A volume price can fall at the start of a tier; whoever is stopped at the cap
 * never gets there.) When no usage at all already costs more than the cap, nothing is allowed.
 */
export function unitsAtCap(price: UsagePrice, capMinor: Minor): number | null {
  if (capMinor < 0n) return 0
  switch (price.model) {
    case 'per_unit':
      return unitsRoundedTo(price.unitPriceMinor, capMinor)
    case 'package': {
      const packagePriceMinor = BigInt(price.packagePriceMinor)
      if (packagePriceMinor === 0n) return null
      return atMost(MAX_UNITS, (capMinor / packagePriceMinor) * BigInt(price.packageUnits))
    }
    case 'volume':
      return volumeUnitsAtCap(price.tiers, capMinor)
    case 'graduated':
      return graduatedUnitsAtCap(price.tiers, capMinor)
  }
}

function graduatedLines(tiers: readonly Tier[], units: number): RatedLine[] {
  let ratedUnits = 0
  const lines: RatedLine[] = []
  for (const [tierIndex, tier] of tiers.entries()) {
    if (tierIndex > 0 && units <= ratedUnits) break
    const upToUnits = Math.min(units, tier.upToUnits ?? units)
    lines.push(...tierLines(tier, tierIndex, upToUnits - ratedUnits))
    ratedUnits = upToUnits
  }
  if (ratedUnits !== units) throw new RangeError(`no tier prices unit ${ratedUnits + 1}`)
  return lines
}

function volumeLines(tiers: readonly Tier[], units: number): RatedLine[] {
  const tierIndex = tiers.findIndex(({ upToUnits }) => upToUnits === null || units <= upToUnits)
  const tier = tiers[tierIndex]
  if (!tier) throw new RangeError(`no tier prices unit ${units}`)
  return tierLines(tier, tierIndex, units)
}

function tierLines(tier: Tier, tierIndex: number, quantityUnits: number): RatedLine[] {
  const line = unitsLine(tier.unitPriceMinor, tierIndex, quantityUnits)
  const amountMinor = BigInt(tier.flatMinor)
  if (amountMinor === 0n) return [line]
  return [line, { kind: 'flat', tierIndex, quantityUnits: 0, unitPriceMinor: tier.flatMinor, amountMinor }]
}

const unitsLine = (unitPriceMinor: string, tierIndex: number, quantityUnits: number): RatedLine => ({
  kind: 'units',
  tierIndex,
  quantityUnits,
  unitPriceMinor,
  amountMinor: lineMinor(scaledPrice(unitPriceMinor), quantityUnits),
})

/** A begun package is paid whole. https://docs.stripe.com/products-prices/pricing-models#package-pricing */
function packageLine(price: Extract<UsagePrice, { model: 'package' }>, quantityUnits: number): RatedLine {
  const packages = (BigInt(quantityUnits) + BigInt(price.packageUnits) - 1n) / BigInt(price.packageUnits)
  return {
    kind: 'package',
    tierIndex: 0,
    quantityUnits,
    unitPriceMinor: price.packagePriceMinor,
    amountMinor: packages * BigInt(price.packagePriceMinor),
  }
}

function graduatedUnitsAtCap(tiers: readonly Tier[], capMinor: Minor): number | null {
  let leftMinor = capMinor
  let startUnits = 0
  for (const tier of tiers) {
    leftMinor -= BigInt(tier.flatMinor)
    if (leftMinor < 0n) return startUnits
    const reach = unitsRoundedTo(tier.unitPriceMinor, leftMinor)
    if (tier.upToUnits === null) return reach === null ? null : Math.min(startUnits + reach, MAX_UNITS)
    const size = tier.upToUnits - startUnits
    if (reach !== null && reach < size) return startUnits + reach
    leftMinor -= lineMinor(scaledPrice(tier.unitPriceMinor), size)
    startUnits = tier.upToUnits
  }
  throw new RangeError('the last tier must have no end')
}

function volumeUnitsAtCap(tiers: readonly Tier[], capMinor: Minor): number | null {
  let startUnits = 0
  for (const tier of tiers) {
    const leftMinor = capMinor - BigInt(tier.flatMinor)
    if (leftMinor < 0n) return startUnits
    const reach = unitsRoundedTo(tier.unitPriceMinor, leftMinor)
    if (reach !== null && (tier.upToUnits === null || reach < tier.upToUnits))
      return Math.max(startUnits, reach)
    if (tier.upToUnits === null) return null
    startUnits = tier.upToUnits
  }
  throw new RangeError('the last tier must have no end')
}

/** The one place that rounds: half of a minor unit goes up. */
const lineMinor = (price: bigint, units: number): Minor => (2n * price * BigInt(units) + SCALE) / (2n * SCALE)

/** Greatest `n` with `lineMinor(price, n) <= amountMinor`, that is `n * price < amount + 1/2`; null at price zero. */
function unitsRoundedTo(unitPriceMinor: string, amountMinor: Minor): number | null {
  const price = scaledPrice(unitPriceMinor)
  return price === 0n ? null : atMost(MAX_UNITS, ((2n * amountMinor + 1n) * SCALE - 1n) / (2n * price))
}

const atMost = (limit: number, units: bigint): number => (units > BigInt(limit) ? limit : Number(units))

/** A unit price in units of 10^-12 of a minor unit. */
function scaledPrice(unitPriceMinor: string): bigint {
  const [whole = '', fraction = ''] = unitPriceMinor.split('.')
  return BigInt(whole + fraction.padEnd(UNIT_PRICE_PLACES, '0'))
}
