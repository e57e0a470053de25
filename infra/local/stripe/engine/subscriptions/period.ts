import type { Period } from '../meters/usage.ts'
import type { Subscription } from '../wire.ts'

/** The current period; all items of a subscription share it. */
export function periodOf(subscription: Subscription): Period {
  const item = subscription.items.data[0]
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 }
}
