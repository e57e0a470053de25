import { z } from 'zod'
import type { Engine } from '../engine/engine.ts'
import { RATE_LIMITS, type Settings } from '../engine/settings.ts'
import { ControlError } from './control-error.ts'

const seconds = z.number().check(z.int(), z.gte(0))

/** What a test or a person may change while it runs; the dashboard's part of Stripe. */
const changes = z.strictObject({
  aggregationDelayMs: z.optional(seconds),
  draftSeconds: z.optional(seconds),
  paymentRetryDays: z.optional(z.array(z.number().check(z.gt(0), z.lte(365)))),
  afterLastRetry: z.optional(z.enum(['leave_past_due', 'mark_unpaid', 'cancel'])),
  taxPercentByCountry: z.optional(
    z.record(z.string().check(z.regex(/^[A-Z]{2}$/)), z.number().check(z.gte(0), z.lte(100))),
  ),
  rateLimits: z.optional(z.enum(['off', 'sandbox', 'live'])),
})

/** Applies changes and answers all settings. Throws `ControlError` naming what is wrong. */
export function changeSettings(engine: Engine, given: unknown): Settings {
  const parsed = changes.safeParse(given)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(issue => `${issue.path.join('.') || 'settings'}: ${issue.message}`)
    throw new ControlError(wrong.join('; '))
  }
  const { rateLimits, ...rest } = parsed.data
  const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  engine.settings = {
    ...engine.settings,
    ...present,
    ...(rateLimits === undefined
      ? {}
      : { rateLimits: rateLimits === 'off' ? null : RATE_LIMITS[rateLimits] }),
  }
  return engine.settings
}
