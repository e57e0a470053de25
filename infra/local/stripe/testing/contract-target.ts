import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { test } from 'vitest'
import { startForTest } from './start.ts'

const KEY = process.env.TOLLGATE_CONTRACT_STRIPE_KEY

/**
 * What the contract suite talks to: the stand-in, or with `TOLLGATE_CONTRACT_STRIPE_KEY=sk_test_…` that sandbox at
 * api.stripe.com.
 */
export const ON_STRIPE = KEY !== undefined && KEY !== ''

export type Target = {
  readonly stripe: Stripe
  /** Now on the clock of the target, Unix seconds. */
  now(): number
  /** Lets that much time pass: on the local clock, or for real. */
  pass(seconds: number): Promise<void>
  stop(): Promise<void>
}

export async function openTarget(): Promise<Target> {
  if (KEY !== undefined && ON_STRIPE) {
    return {
      stripe: new Stripe(KEY, { telemetry: false }),
      now: () => Math.floor(Date.now() / 1000),
      pass: seconds => sleep(seconds * 1000),
      stop: async () => {},
    }
  }
  const local = await startForTest('2026-11-10T09:30:30Z')
  return {
    stripe: local.stripe,
    now: () => Math.floor(local.clock.now() / 1000),
    pass: local.advanceBy,
    stop: () => local.stop(),
  }
}

const PATIENCE_SECONDS = 120
const STEP_SECONDS = 5

/** Asks again until the answer is as wanted, for two minutes; the last answer is returned either way. */
export async function eventually<T>(
  target: Target,
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask()
  for (let waited = 0; waited < PATIENCE_SECONDS && !wanted(answer); waited += STEP_SECONDS) {
    await target.pass(STEP_SECONDS)
    answer = await ask()
  }
  return answer
}

/** A case that cannot be run against Stripe, where it is reported as skipped under its reason. */
export function localOnly(reason: string): (name: string, run: () => Promise<void>) => void {
  return (name, run) => {
    if (ON_STRIPE) test(name, ({ skip }) => skip(`only here: ${reason}`))
    else test(name, run)
  }
}
