import { minorPlacesOf } from '#billing/contract'

/** An amount before it is rounded, in whole units of the currency: `"751.05"`, `usd` -> `7.5105 USD`. */
export function formatUnrounded(amountMinor: string, currency: string): string {
  const places = minorPlacesOf(currency)
  const [whole = '0', fraction = ''] = amountMinor.split('.')
  const digits = whole.padStart(places + 1, '0') + fraction
  const point = digits.length - fraction.length - places
  const decimals = digits.slice(point)
  return `${digits.slice(0, point)}${decimals && `.${decimals}`} ${currency.toUpperCase()}`
}
