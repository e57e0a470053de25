import type { Engine } from '../engine/engine.ts'
import { Fault } from '../engine/fault.ts'
import type { ApiRequest } from './handle.ts'

type Bucket = { tokens: number; atMs: number }

/**
 * Stripe's limits on the engine's clock, off unless `settings.rateLimits` says otherwise: so many calls a second in all,
 * and so many for one resource. Reported usage has a limit of its own in live mode. https://docs.stripe.com/rate-limits
 */
export function createRateLimiter(engine: Engine): (request: Pick<ApiRequest, 'path'>) => void {
  const buckets = new Map<string, Bucket>()

  /** Takes one call out of a bucket that holds a second's worth. */
  const take = (name: string, perSecond: number): boolean => {
    const now = engine.time.now()
    const bucket = buckets.get(name) ?? { tokens: perSecond, atMs: now }
    buckets.set(name, bucket)
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond)
    bucket.atMs = now
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  return ({ path }) => {
    const limits = engine.settings.rateLimits
    if (limits === null) return
    const isUsage = path === '/v1/billing/meter_events' || path.startsWith('/v2/billing/meter_event')
    if (isUsage && limits.meterEventsPerSecond !== null) {
      if (!take('meter events', limits.meterEventsPerSecond)) throw limited('endpoint-rate')
      return
    }
    if (!take('all', limits.perSecond)) throw limited('global-rate')
    const resource = path.split('/').slice(0, 3).join('/')
    if (!take(resource, limits.perEndpointPerSecond)) throw limited('endpoint-rate')
  }
}

function limited(reason: 'global-rate' | 'endpoint-rate'): Fault {
  return new Fault(
    429,
    'invalid_request_error',
    'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
    {
      code: 'rate_limit',
      headers: { 'stripe-rate-limited-reason': reason },
      shouldRetry: false,
      beforeExecution: true,
    },
  )
}
