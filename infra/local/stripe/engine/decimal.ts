/** Exact decimals of up to twelve places, as Stripe's `*_decimal` fields carry them. */
const PLACES = 12
export const DECIMAL_SCALE = 10n ** BigInt(PLACES)

/** A decimal times 10^12. */
export type Scaled = bigint

/** Parses `"0.15"`; `undefined` when the text is no plain decimal of at most twelve places. */
export function parseDecimal(text: string): Scaled | undefined {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole = '0', fraction = ''] = match
  const scaled = BigInt(whole) * DECIMAL_SCALE + BigInt(fraction.padEnd(PLACES, '0'))
  return sign === '-' ? -scaled : scaled
}

/** Shortest text: `"0.15"`, `"3"`. */
export function formatDecimal(value: Scaled): string {
  const sign = value < 0n ? '-' : ''
  const magnitude = value < 0n ? -value : value
  const fraction = (magnitude % DECIMAL_SCALE).toString().padStart(PLACES, '0').replace(/0+$/, '')
  const whole = (magnitude / DECIMAL_SCALE).toString()
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** To the nearest integer, halves away from zero: https://docs.stripe.com/billing/subscriptions/decimal-amounts. */
export function roundHalfUp(value: Scaled): bigint {
  return divideHalfUp(value, DECIMAL_SCALE)
}

/** The product of two scaled numbers to the nearest integer. */
export function roundHalfUpProduct(product: bigint): bigint {
  return divideHalfUp(product, DECIMAL_SCALE * DECIMAL_SCALE)
}

/** Integer division to the nearest, halves away from zero; `by` is positive. */
export function divideHalfUp(value: bigint, by: bigint): bigint {
  const magnitude = value < 0n ? -value : value
  const rounded = (magnitude * 2n + by) / (by * 2n)
  return value < 0n ? -rounded : rounded
}

/** The decimal of a stored `unit_amount_decimal`, which this engine itself normalised. */
export function storedDecimal(text: string): Scaled {
  const value = parseDecimal(text)
  if (value === undefined) throw new Error(`not a stored decimal: ${text}`)
  return value
}
