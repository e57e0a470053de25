import { expect, test } from 'vitest'
import { createAccountThrottle } from './account-throttle.ts'

test('an account has a burst of 5,000 requests and 10,000 a second on the local clock', () => {
  let now = 0
  const take = createAccountThrottle({ now: () => now })
  const accepted = (count: number) => Array.from({ length: count }, take).filter(Boolean).length
  expect(accepted(6_000)).toBe(5_000)
  now += 100
  expect(accepted(2_000)).toBe(1_000)
  now += 3_600_000
  expect(accepted(6_000)).toBe(5_000)
})
