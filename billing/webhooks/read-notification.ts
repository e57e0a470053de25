import Stripe from 'stripe'
import * as z from 'zod/mini'
import type { StripeNotification } from '#billing/contract'
import { fail, ok, type Result } from '#kernel/result'
import { fromUnixSeconds, type Instant } from '#kernel/time'

/** Oldest signature that is taken, on our clock (https://docs.stripe.com/webhooks#replay-attacks). */
const TOLERANCE_SECONDS = 300

export type SignedNotification = StripeNotification & { readonly createdAt: Instant }

const verifier = (() => {
  const { signature } = Stripe.webhooks
  if (!signature) throw new Error('the Stripe SDK verifies no signatures on this platform')
  return signature
})()

/** A snapshot event: the object is inside. `invoice.upcoming` has no id. */
const snapshotSchema = z.object({
  object: z.literal('event'),
  id: z.string(),
  type: z.string(),
  created: z.int(),
  data: z.object({ object: z.object({ id: z.nullish(z.string()), object: z.string() }) }),
})
/** A thin event names the object only. */
const thinSchema = z.object({
  object: z.literal('v2.core.event'),
  id: z.string(),
  type: z.string(),
  created: z.string(),
  related_object: z.nullish(z.object({ id: z.string(), type: z.string() })),
})

/**
 * Verifies Stripe's signature on the raw body (each endpoint and event destination of ours signs with its own secret) and
 * reads what happened to which object; nothing else of the payload is
 * used. Failures: `invalid_signature` (also for one that is too old), `invalid_event`.
 */
export function readNotification(
  rawBody: string,
  signature: string | undefined,
  secrets: readonly string[],
  now: Instant,
): Result<SignedNotification> {
  if (!signature) return fail('invalid_signature', 'The header "Stripe-Signature" is missing.')
  if (!secrets.some(secret => isSigned(rawBody, signature, secret, now)))
    return fail('invalid_signature', 'The signature does not match the body, or is too old.')
  const parsed = z.safeParse(z.union([snapshotSchema, thinSchema]), parseJson(rawBody))
  if (!parsed.success) return fail('invalid_event', 'The body is no event of Stripe.')
  return ok(toNotification(parsed.data))
}

function isSigned(rawBody: string, signature: string, secret: string, now: Instant): boolean {
  try {
    verifier.verifyHeader(rawBody, signature, secret, TOLERANCE_SECONDS, undefined, now)
    return true
  } catch {
    return false
  }
}

function toNotification(
  event: z.output<typeof snapshotSchema> | z.output<typeof thinSchema>,
): SignedNotification {
  const { id, type } = event
  if (event.object === 'v2.core.event') {
    const related = event.related_object
    const createdAt = fromUnixSeconds(Math.floor(Date.parse(event.created) / 1000))
    // What is told about a meter is in the event itself, which is therefore what has to be refetched.
    if (type.startsWith('v1.billing.meter.'))
      return { id, type, objectId: id, object: event.object, createdAt }
    return { id, type, objectId: related?.id ?? '', object: related?.type ?? '', createdAt }
  }
  const { object } = event.data
  const createdAt = fromUnixSeconds(event.created)
  return { id, type, objectId: object.id ?? '', object: object.object, createdAt }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
