import { SECOND_MS } from '#kernel/time'
import { TransientError } from '../../../billing/stripe/failure.ts'
import type { MeterStripe } from '../../../billing/stripe/reporting/report-segment.ts'
import type { VirtualTime } from './virtual-time.ts'

/** https://docs.stripe.com/rate-limits and https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api */
export const LIMITS = {
  live: { label: 'live mode (1,000 meter events a second)', eventsPerSecond: 1_000 },
  sandbox: { label: 'sandbox (25 calls a second)', eventsPerSecond: 25 },
} as const
export type Limits = (typeof LIMITS)[keyof typeof LIMITS]

const LATENCY_MS = { min: 80, max: 300 }

/**
 * Stripe's meter with its latency and its limits: so many calls a second, and one at a time for each customer and
 * meter. What is past a limit is refused with 429 after the shortest latency, as the adapter would report it.
 */
export function createSimulatedStripe(time: VirtualTime, { eventsPerSecond }: Limits) {
  const stats = { delivered: 0, refused: 0, busiestSecond: 0, units: 0 }
  const busy = new Set<string>()
  const seen = new Set<string>()
  let [second, calls] = [0, 0]
  const meter: MeterStripe = {
    async sendUsage({ eventName, customerId, identifier, units }) {
      const current = Math.floor(time.now() / SECOND_MS)
      if (current !== second) [second, calls] = [current, 0]
      calls++
      stats.busiestSecond = Math.max(stats.busiestSecond, calls)
      const customer = `${eventName} ${customerId}`
      if (calls > eventsPerSecond || busy.has(customer)) {
        stats.refused++
        await time.sleep(LATENCY_MS.min)
        throw new TransientError('Stripe answered 429')
      }
      busy.add(customer)
      await time.sleep(latencyMs(stats.delivered))
      busy.delete(customer)
      if (seen.has(identifier)) return
      seen.add(identifier)
      stats.delivered++
      stats.units += units
    },
    readUsage: () => Promise.reject(new Error('no outbox item is old enough here')),
  }
  return { meter, stats }
}

/** Even over the range, and the same in every run. */
const latencyMs = (n: number): number =>
  LATENCY_MS.min + ((Math.imul(n, 0x9e3779b1) >>> 0) % (LATENCY_MS.max - LATENCY_MS.min + 1))
