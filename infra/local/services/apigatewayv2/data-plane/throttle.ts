import type { Stage } from '../state.ts'

const MILLI = 1000

/** Takes a token of the stage's default route settings; true where there are none. Levels are thousandths. */
export function takeToken(stage: Stage, now: number): boolean {
  const { throttle, bucket } = stage
  if (throttle === undefined) return true
  const refilled = bucket.milliTokens + Math.max(0, now - bucket.at) * throttle.rateLimit
  bucket.milliTokens = Math.min(throttle.burstLimit * MILLI, refilled)
  bucket.at = now
  if (bucket.milliTokens < MILLI) return false
  bucket.milliTokens -= MILLI
  return true
}
