import { minorPlacesOf } from '#billing/contract'

/** `12.5` in a two-decimal currency is `1250`; null for anything that is no positive amount of that currency. */
export function parseAmount(text: string, currency: string): string | null {
  const places = minorPlacesOf(currency)
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(text.trim()) ?? []
  if (whole === undefined || fraction.length > places) return null
  const minor = BigInt(whole + fraction.padEnd(places, '0'))
  return minor > 0n ? String(minor) : null
}
