import type { Clock } from '../contract.ts'
import { type ThrottleLimit, type TokenBucket, takeToken } from './token-bucket.ts'

/** What an account has in a Region: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const ACCOUNT_LIMIT: ThrottleLimit = { rateLimit: 10_000, burstLimit: 5_000 }

/** Takes a token of the account; false when there is none. */
export type AccountThrottle = () => boolean

/** One token bucket on the local clock, shared by all REST and HTTP APIs of the account. Full at every start. */
export function createAccountThrottle(clock: Pick<Clock, 'now'>): AccountThrottle {
  let kept: TokenBucket | undefined
  return () => {
    const { allowed, bucket } = takeToken(kept, ACCOUNT_LIMIT, clock.now())
    kept = bucket
    return allowed
  }
}
