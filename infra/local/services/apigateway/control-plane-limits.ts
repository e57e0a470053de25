import { type ThrottleLimit, type TokenBucket, takeToken } from '../../http-front/token-bucket.ts'

/**
 * Account-wide limits of the control plane
 * (docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
 */
const TOTAL: ThrottleLimit = { rateLimit: 10, burstLimit: 40 }
const PER_OPERATION: Readonly<Record<string, ThrottleLimit>> = {
  CreateApiKey: { rateLimit: 5, burstLimit: 5 },
  DeleteApiKey: { rateLimit: 5, burstLimit: 5 },
  UpdateUsagePlan: { rateLimit: 1 / 20, burstLimit: 1 },
}

/**
 * Answers the seconds to wait when a call is above the limits. Time is what has passed on the local clock or in
 * reality, whichever is more: a clock that stands still must not lock the control plane for ever, and a clock that
 * jumps must not leave it throttled.
 */
export function controlPlaneLimits(
  localNow: () => number,
  realNow: () => number,
): (operation: string) => number | undefined {
  const buckets = new Map<string, TokenBucket>()
  let elapsedMs = 0
  let lastLocal = localNow()
  let lastReal = realNow()
  return operation => {
    const local = localNow()
    const real = realNow()
    elapsedMs += Math.max(local - lastLocal, real - lastReal, 0)
    lastLocal = local
    lastReal = real
    const own = PER_OPERATION[operation]
    const wait = own && take(buckets, operation, own, elapsedMs)
    return wait ?? take(buckets, 'total', TOTAL, elapsedMs)
  }
}

function take(
  buckets: Map<string, TokenBucket>,
  name: string,
  limit: ThrottleLimit,
  now: number,
): number | undefined {
  const { allowed, bucket } = takeToken(buckets.get(name), limit, now)
  buckets.set(name, bucket)
  return allowed ? undefined : Math.ceil((1000 - bucket.milliTokens) / limit.rateLimit / 1000)
}
