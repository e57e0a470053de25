import { DECIMAL_SCALE, type Scaled, storedDecimal } from '../decimal.ts'
import type { Engine } from '../engine.ts'
import type { Usage } from '../state.ts'
import type { Meter } from '../wire.ts'

/** Half-open, Unix seconds. */
export type Period = { readonly start: number; readonly end: number }

/** `received`: all that arrived. `aggregated`: only what summaries and drafts show already. */
export type Freshness = 'received' | 'aggregated'

export const WINDOW_SECONDS = { hour: 3_600, day: 86_400 } as const

/** Where the usage of a customer on a meter is kept. */
export const usageKey = (meterId: string, customerId: string): string => `${meterId}/${customerId}`

/** The usage of one customer on one meter whose timestamp lies in the period, in order of receipt. */
export function usageIn(
  engine: Engine,
  meter: Meter,
  customerId: string,
  period: Period,
  freshness: Freshness,
): Usage[] {
  const all = engine.state.usage.get(usageKey(meter.id, customerId)) ?? []
  const counted = all.filter(
    usage =>
      usage.timestamp >= period.start &&
      usage.timestamp < period.end &&
      !usage.cancelled &&
      (freshness === 'received' || usage.aggregated),
  )
  const window = meter.event_time_window
  if (window === 'hour') return lastOfEach(counted, WINDOW_SECONDS.hour)
  return window === 'day' ? lastOfEach(counted, WINDOW_SECONDS.day) : counted
}

/** A meter with a time window counts only the event it received last within each hour or day. */
function lastOfEach(usage: readonly Usage[], windowSeconds: number): Usage[] {
  const byWindow = new Map<number, Usage>()
  for (const one of usage) byWindow.set(Math.floor(one.timestamp / windowSeconds), one)
  return [...byWindow.values()]
}

/** The meter's formula over usage; a sum may be negative. `last` is the latest timestamp, the later receipt on a tie. */
export function aggregate(meter: Meter, usage: readonly Usage[]): Scaled {
  if (meter.default_aggregation.formula === 'count') return BigInt(usage.length) * DECIMAL_SCALE
  if (meter.default_aggregation.formula === 'sum') {
    return usage.reduce((total, one) => total + storedDecimal(one.value), 0n)
  }
  let latest: Usage | undefined
  for (const one of usage) {
    if (latest === undefined || one.timestamp >= latest.timestamp) latest = one
  }
  return latest === undefined ? 0n : storedDecimal(latest.value)
}
