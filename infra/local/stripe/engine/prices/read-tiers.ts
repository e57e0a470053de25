import { DECIMAL_SCALE, parseDecimal } from '../decimal.ts'
import { invalidRequest } from '../fault.ts'
import type { PriceTier } from '../wire.ts'

type GivenTier = {
  readonly flat_amount?: number
  readonly flat_amount_decimal?: string
  readonly unit_amount?: number
  readonly unit_amount_decimal?: string
  readonly up_to: string
}

/** Tiers as stored: ascending, the last without end (`inf` in requests, `null` in answers). */
export function readTiers(given: readonly GivenTier[]): PriceTier[] {
  const tiers = given.map((tier, index) => readTier(tier, index))
  tiers.forEach((tier, index) => {
    const isLast = index === tiers.length - 1
    if ((tier.up_to === null) !== isLast) {
      throw invalidRequest('The last tier, and only the last one, must have `up_to=inf`.', {
        param: `tiers[${index}][up_to]`,
      })
    }
    const before = tiers[index - 1]?.up_to ?? 0
    if (tier.up_to !== null && tier.up_to <= before) {
      throw invalidRequest('Tiers must be in ascending order of `up_to`.', {
        param: `tiers[${index}][up_to]`,
      })
    }
  })
  return tiers
}

function readTier(tier: GivenTier, index: number): PriceTier {
  const param = `tiers[${index}]`
  const unit = tier.unit_amount_decimal ?? tier.unit_amount?.toString() ?? null
  const flat = tier.flat_amount_decimal ?? tier.flat_amount?.toString() ?? null
  if (unit === null && flat === null) {
    throw invalidRequest('A tier needs `unit_amount`, `flat_amount` or both.', {
      code: 'parameter_missing',
      param,
    })
  }
  const flatAmount = flat === null ? null : wholeMinor(flat)
  if (flat !== null && flatAmount === null) {
    throw invalidRequest('`flat_amount_decimal` must be an integer in the minor units.', {
      param: `${param}[flat_amount_decimal]`,
    })
  }
  return {
    flat_amount: flatAmount,
    flat_amount_decimal: flat,
    unit_amount: unit === null ? null : wholeMinor(unit),
    unit_amount_decimal: unit,
    up_to: upTo(tier.up_to, `${param}[up_to]`),
  }
}

function upTo(text: string, param: string): number | null {
  if (text === 'inf') return null
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`Invalid integer: ${text}`, { param })
  return Number(text)
}

/** The number when the decimal has no places, else `null`, as Stripe answers `unit_amount`. */
export function wholeMinor(text: string): number | null {
  const value = parseDecimal(text)
  if (value === undefined || value % DECIMAL_SCALE !== 0n) return null
  return Number(value / DECIMAL_SCALE)
}
