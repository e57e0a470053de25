import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TokenBucket, takeToken } from './token-bucket.ts'

test('a bucket lets through exactly what a bucket filled millisecond by millisecond lets through', () => {
  const rateLimit = fc.integer({ min: 0, max: 50 })
  const burstLimit = fc.integer({ min: 0, max: 20 })
  const gapsMs = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 })
  fc.assert(
    fc.property(rateLimit, burstLimit, gapsMs, (rate, burst, gaps) => {
      let bucket: TokenBucket | undefined
      let oracleMilli = burst * 1000
      let now = 1_000_000
      for (const gap of gaps) {
        now += gap
        for (let ms = 0; ms < gap; ms += 1) oracleMilli = Math.min(burst * 1000, oracleMilli + rate)
        const expected = oracleMilli >= 1000
        if (expected) oracleMilli -= 1000
        const taken = takeToken(bucket, { rateLimit: rate, burstLimit: burst }, now)
        bucket = taken.bucket
        expect(taken.allowed).toBe(expected)
      }
    }),
  )
})

test('a clock that seems to go back neither fills nor empties a bucket', () => {
  const limit = { rateLimit: 1, burstLimit: 1 }
  const { bucket } = takeToken(undefined, limit, 10_000)
  expect(takeToken(bucket, limit, 5_000)).toEqual({ allowed: false, bucket: { milliTokens: 0, at: 5_000 } })
})
