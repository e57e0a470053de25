import * as z from 'zod/mini'

/**
 * Amounts are `bigint` minor units with the unit in the name (`totalMinor`); on the wire decimal strings. Unit prices
 * are decimal strings of up to 12 places of a minor unit (Stripe's limit for `unit_amount_decimal`).
 */
export type Minor = bigint

export const UNIT_PRICE_PLACES = 12
/** `"0.15"` = 0.15 minor units (cents) per unit. */
export const unitPriceSchema = z.string().check(z.regex(/^\d{1,12}(\.\d{1,12})?$/))
export const currencySchema = z.string().check(z.regex(/^[a-z]{3}$/))

/** Decimal places of a currency's major unit. Source: https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))
export const minorPlacesOf = (currency: string): number =>
  ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2

/** Two decimals on the wire, and both must be zero. Source: https://docs.stripe.com/currencies#special-cases */
const WHOLE_ONLY = new Set(['isk', 'ugx'])

/**
 * Whether an amount can be charged: three-decimal currencies end in a zero, two special ones are whole.
 * Source: https://docs.stripe.com/currencies#three-decimal
 */
export const chargeable = (amountMinor: Minor, currency: string): boolean =>
  amountMinor % (THREE_DECIMAL.has(currency) ? 10n : WHOLE_ONLY.has(currency) ? 100n : 1n) === 0n

/** `2900n, 'usd'` -> `$29.00`; exact for any size. */
export function formatMinor(amountMinor: Minor, currency: string): string {
  const places = minorPlacesOf(currency)
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
  return format.format(scaled(amountMinor, places) as Intl.StringNumericLiteral)
}

/** A unit price in words people can compare: whole cents per unit, else per 1,000 or per million units. */
export function formatUnitPrice(unitPriceMinor: string, currency: string, unit: string): string {
  const [whole = '0', fraction = ''] = unitPriceMinor.split('.')
  const price = BigInt(whole + fraction.padEnd(UNIT_PRICE_PLACES, '0'))
  const one = 10n ** BigInt(UNIT_PRICE_PLACES)
  for (const [count, label] of [
    [1n, unit],
    [1_000n, `1,000 ${unit}s`],
    [1_000_000n, `million ${unit}s`],
  ] as const) {
    const total = price * count
    if (total % one === 0n) return `${formatMinor(total / one, currency)} per ${label}`
  }
  return `${unitPriceMinor} minor units per ${unit}`
}

/** An integer shifted right by `places` decimal places: `scaled(-5n, 2)` is `-0.05`. */
function scaled(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  const sign = value < 0n ? '-' : ''
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
}
