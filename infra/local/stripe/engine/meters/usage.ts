import type { Engine } from '../engine.ts'
import type { Usage } from '../state.ts'
import type { Meter } from '../wire.ts'

/** Half-open, Unix seconds. */
export type Period = { readonly start: number; readonly end: number }

/** `received`: all that arrived. `aggregated`: only what summaries and drafts show already. */
export type Freshness = 'received' | 'aggregated'

/** The usage of one customer on one meter whose timestamp lies in the period, in order of receipt. */
export function usageIn(
  engine: Engine,
  meterId: string,
  customerId: string,
  period: Period,
  freshness: Freshness,
): Usage[] {
  const all = engine.state.usage[`${meterId}/${customerId}`] ?? []
  return all.filter(
    usage =>
      usage.timestamp >= period.start &&
      usage.timestamp < period.end &&
      (freshness === 'received' || usage.aggregated),
  )
}

/** The meter's formula over usage; a sum may be negative. `last` is the latest timestamp, the later receipt on a tie. */
export function aggregate(meter: Meter, usage: readonly Usage[]): bigint {
  if (meter.default_aggregation.formula === 'count') return BigInt(usage.length)
  if (meter.default_aggregation.formula === 'sum') {
    return usage.reduce((total, one) => total + BigInt(one.value), 0n)
  }
  let latest: Usage | undefined
  for (const one of usage) {
    if (latest === undefined || one.timestamp >= latest.timestamp) latest = one
  }
  return latest === undefined ? 0n : BigInt(latest.value)
}
