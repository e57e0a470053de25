import type { LocalTime } from '../contract.ts'

export type ThrottleLimit = { readonly rateLimit: number; readonly burstLimit: number }

/** Level in thousandths of a token, so that whole rates refill exactly millisecond by millisecond. */
export type TokenBucket = { readonly milliTokens: number; readonly at: LocalTime }

export type Taken = { readonly allowed: boolean; readonly bucket: TokenBucket }

const MILLI = 1000

/**
 * Takes one token. `rateLimit` tokens flow in per second up to `burstLimit`; an unseen bucket is full
 * (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
 */
export function takeToken(bucket: TokenBucket | undefined, limit: ThrottleLimit, now: LocalTime): Taken {
  const level = fillBucket(bucket, limit, now)
  const allowed = level >= MILLI
  return { allowed, bucket: { milliTokens: allowed ? level - MILLI : level, at: now } }
}

/** The level of a bucket now, in thousandths of a token. */
export function fillBucket(bucket: TokenBucket | undefined, limit: ThrottleLimit, now: LocalTime): number {
  const full = limit.burstLimit * MILLI
  const refilled =
    bucket === undefined ? full : bucket.milliTokens + Math.max(0, now - bucket.at) * limit.rateLimit
  return Math.min(full, refilled)
}
