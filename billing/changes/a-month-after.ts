import { type Instant, instant } from '#kernel/time'

/** The same day and time of the next month, or its last day: Stripe's billing cycle. */
export function aMonthAfter(at: Instant): Instant {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const lastDay = new Date(Date.UTC(year, month + 2, 0)).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  const midnight = Date.UTC(year, month + 1, day)
  return instant(midnight + (at - Date.UTC(year, month, date.getUTCDate())))
}
