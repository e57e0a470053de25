import * as z from 'zod/mini'
import type { Call } from '#kernel/rpc'
import { type Instant, parseInstant } from '#kernel/time'

/** The call that a job or a step of billing makes in its own name. */
export const serviceCall = (now: Instant, requestId: string): Call => ({
  now,
  actor: { kind: 'service', service: 'billing' },
  requestId,
})

const scheduleEventSchema = z.object({ scheduledAt: z.string() })

/** "Now" of a scheduled job is its slot, `{"scheduledAt": "2026-11-22T14:03:00Z"}`. */
export const scheduledAt = (event: unknown): Instant =>
  parseInstant(z.parse(scheduleEventSchema, event).scheduledAt)
