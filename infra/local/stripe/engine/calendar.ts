/** Unix seconds. */
export type Seconds = number

export type Interval = { readonly unit: 'day' | 'week' | 'month' | 'year'; readonly count: number }

const DAY_SECONDS = 86_400

/**
 * The `index`-th boundary after `anchor`. Months keep the anchor's day and clamp to the month's last day, so
 * Jan 31 gives Feb 28 and then Mar 31: https://docs.stripe.com/billing/subscriptions/billing-cycle.
 */
export function boundary(anchor: Seconds, interval: Interval, index: number): Seconds {
  const steps = interval.count * index
  if (interval.unit === 'day') return anchor + steps * DAY_SECONDS
  if (interval.unit === 'week') return anchor + steps * 7 * DAY_SECONDS
  return addMonths(anchor, interval.unit === 'year' ? steps * 12 : steps)
}

/** The first boundary strictly after `instant`. */
export function nextBoundary(anchor: Seconds, interval: Interval, instant: Seconds): Seconds {
  let index = 0
  while (boundary(anchor, interval, index) <= instant) index += 1
  return boundary(anchor, interval, index)
}

function addMonths(anchor: Seconds, months: number): Seconds {
  const from = new Date(anchor * 1000)
  const month = from.getUTCFullYear() * 12 + from.getUTCMonth() + months
  const year = Math.floor(month / 12)
  const lastDay = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate()
  const midnight = Date.UTC(year, month % 12, Math.min(from.getUTCDate(), lastDay)) / 1000
  return midnight + (((anchor % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS)
}
