import { AsyncLocalStorage } from 'node:async_hooks'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Timer } from '../../../infra/local/contract.ts'
import type { Random } from '../random.ts'
import type { SimulatedClock } from './clock.ts'

/**
 * Runs a simulation with the clock and the randomness of the process replaced: `Date.now`, `setTimeout`, `Math.random`
 * and the random bytes of `node:crypto` come from the simulated clock and the seed, also in code that is not ours (the
 * Stripe SDK sleeps and rolls dice between its attempts). Production code needs no seam for that, and a seed replays
 * exactly. One simulation at a time in a process.
 */
export async function withBuiltins<T>(
  clock: SimulatedClock,
  random: Random,
  run: () => Promise<T>,
): Promise<T> {
  const timers = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  const { randomBytes, randomUUID } = crypto
  const [mathRandom, dateNow, stackTraceLimit] = [Math.random, Date.now, Error.stackTraceLimit]
  const bytes = (size: number) => Buffer.from(Array.from({ length: size }, () => random.between(0, 255)))
  Object.assign(globalThis, {
    setTimeout: (work: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): Timer =>
      clock.after(
        ms,
        AsyncLocalStorage.bind(() => work(...given)),
      ),
    clearTimeout: (timer: Timer | undefined) => timer?.cancel(),
  })
  Object.assign(crypto, {
    randomBytes: bytes,
    randomUUID: () =>
      bytes(16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  })
  syncBuiltinESMExports()
  Math.random = random.float
  Date.now = clock.now
  // Thousands of faults are thrown; nobody reads where.
  Error.stackTraceLimit = 0
  try {
    return await run()
  } finally {
    Object.assign(globalThis, timers)
    Object.assign(crypto, { randomBytes, randomUUID })
    syncBuiltinESMExports()
    Math.random = mathRandom
    Date.now = dateNow
    Error.stackTraceLimit = stackTraceLimit
  }
}
