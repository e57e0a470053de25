import { minorPlacesOf } from '#billing/contract'

/**
 * An amount as people type it (`50`, `50.00`, `1,250.5`) in minor units; null when it is none, negative, or more exact
 * than the currency.
 */
export function parseAmount(text: string, currency: string): string | null {
  const digits = minorPlacesOf(currency)
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d+))?$/.exec(text.replaceAll(',', '').trim()) ?? []
  if (whole === undefined || fraction.length > digits) return null
  return String(BigInt(whole + fraction.padEnd(digits, '0')))
}

/** The other way, without a currency sign: what stands in the field. */
export function amountField(amountMinor: string, currency: string): string {
  const digits = minorPlacesOf(currency)
  if (digits === 0) return amountMinor
  const padded = amountMinor.padStart(digits + 1, '0')
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}
