import { DECIMAL_SCALE, formatDecimal, type Scaled } from './decimal.ts'

/** Currencies without minor units: https://docs.stripe.com/currencies#zero-decimal. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '))
/** Currencies with a thousand minor units: https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))
const TWO_DECIMAL = new Set(
  (
    'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk ' +
    'dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak ' +
    'lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron ' +
    'rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw'
  ).split(' '),
)

/** Whether Stripe takes payments in it. */
export function isCurrency(code: string): boolean {
  return ZERO_DECIMAL.has(code) || THREE_DECIMAL.has(code) || TWO_DECIMAL.has(code)
}

const SYMBOLS: Readonly<Record<string, string>> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' }

/** `2900` of `usd` as `$29.00`. */
export function formatMoney(minor: number, currency: string): string {
  return formatUnitPrice(BigInt(minor) * DECIMAL_SCALE, currency)
}

/** A price in minor units with all its places, at least those of its currency: `$0.0015`. */
export function formatUnitPrice(minor: Scaled, currency: string): string {
  const symbol = SYMBOLS[currency] ?? `${currency.toUpperCase()} `
  const sign = minor < 0n ? '-' : ''
  const magnitude = minor < 0n ? -minor : minor
  if (ZERO_DECIMAL.has(currency)) return `${sign}${symbol}${formatDecimal(magnitude)}`
  return `${sign}${symbol}${shiftPlaces(formatDecimal(magnitude), THREE_DECIMAL.has(currency) ? 3 : 2)}`
}

/** Divides a decimal text by a power of ten without losing places. */
function shiftPlaces(text: string, count: number): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const padded = whole.padStart(count + 1, '0')
  const places = (padded.slice(-count) + fraction).replace(/0+$/, '').padEnd(count, '0')
  return `${padded.slice(0, -count)}.${places}`
}
