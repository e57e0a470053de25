import { DECIMAL_SCALE, formatDecimal, type Scaled } from './decimal.ts'

/** Currencies without minor units: https://docs.stripe.com/currencies#zero-decimal. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '))
const SYMBOLS: Readonly<Record<string, string>> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' }

/** `2900` of `usd` as `$29.00`. */
export function formatMoney(minor: number, currency: string): string {
  return formatUnitPrice(BigInt(minor) * DECIMAL_SCALE, currency)
}

/** A price in minor units with all its places, at least two for currencies with minor units: `$0.0015`. */
export function formatUnitPrice(minor: Scaled, currency: string): string {
  const symbol = SYMBOLS[currency] ?? `${currency.toUpperCase()} `
  const sign = minor < 0n ? '-' : ''
  const magnitude = minor < 0n ? -minor : minor
  if (ZERO_DECIMAL.has(currency)) return `${sign}${symbol}${formatDecimal(magnitude)}`
  return `${sign}${symbol}${shiftTwoPlaces(formatDecimal(magnitude))}`
}

/** Divides a decimal text by one hundred without losing places. */
function shiftTwoPlaces(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const padded = whole.padStart(3, '0')
  const places = (padded.slice(-2) + fraction).replace(/0+$/, '').padEnd(2, '0')
  return `${padded.slice(0, -2)}.${places}`
}
