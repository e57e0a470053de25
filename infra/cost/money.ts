/** Amounts are whole picodollars (10^-12 USD): the finest AWS price, of a Lambda GB-second, has ten decimals. */
export type Picodollars = bigint

const PLACES = 12

/** `0.0000133334` → 13,333,400 picodollars. Throws `RangeError` on anything else than a plain decimal of 12 places. */
export function picodollars(usd: string): Picodollars {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,12}))?$/.exec(usd) ?? []
  if (whole === '') throw new RangeError(`not a price in USD: ${usd}`)
  return BigInt(whole + fraction.padEnd(PLACES, '0'))
}

/** `12345.68`, rounded half up. */
export function formatUsd(amount: Picodollars, places = 2): string {
  const cut = 10n ** BigInt(PLACES - places)
  const digits = String((amount + cut / 2n) / cut).padStart(places + 1, '0')
  const whole = digits.slice(0, -places).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${whole}.${digits.slice(-places)}`
}

/** `published`: AWS's page. `quoted`: somebody quotes it. `unverified`: look it up before relying on it. */
export type Standing = 'published' | 'quoted' | 'unverified'

export type Tier = {
  /** Last priced unit of the tier, counted from zero; null: without end. */
  readonly upTo: bigint | null
  readonly usd: string
  /** Where the tier is not as sure as its price. */
  readonly standing?: Standing
}
export type Price = {
  /** What one `usd` buys: `1 million requests`. */
  readonly unit: string
  /** How many countable things (requests, bytes, MB·ms) are one unit. */
  readonly per: bigint
  readonly tiers: readonly Tier[]
  readonly source: string
  /** Day on which the source was read. */
  readonly asOf: string
  readonly standing: Standing
}

/** Every countable thing costs the price of the tier it falls in. Rounded half up to a picodollar, once. */
export function costOf({ per, tiers }: Price, count: bigint): Picodollars {
  let scaled = 0n
  let from = 0n
  for (const { upTo, usd } of tiers) {
    const end = upTo === null ? count : min(count, upTo * per)
    if (end > from) scaled += (end - from) * picodollars(usd)
    from = end > from ? end : from
  }
  if (from < count) throw new RangeError('the last tier must have no end')
  return (2n * scaled + per) / (2n * per)
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
