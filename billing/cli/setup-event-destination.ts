import type Stripe from 'stripe'
import * as z from 'zod/mini'
import { stripeSecretSchema } from '../stripe/client.ts'
import type { SecretStore } from './setup.ts'

/** The two events about meters exist as thin events only, and those need a destination of their own. */
export const METER_EVENTS = [
  'v1.billing.meter.error_report_triggered',
  'v1.billing.meter.no_meter_found',
] as const

export type EventDestination = {
  readonly id: string
  readonly url: string
  readonly enabledEvents: readonly string[]
}

/** Stripe's event destinations. */
export interface EventDestinations {
  list(): Promise<readonly EventDestination[]>
  /** The signing secret is in this answer. */
  create(url: string): Promise<{ readonly id: string; readonly secret: string }>
  setEvents(id: string): Promise<void>
  remove(id: string): Promise<void>
}

/**
 * Makes Stripe tell our webhook about refused meter events, and stores the destination's signing secret beside the
 * others, which are there. Repeatable; made anew only when there is none, or when its secret is not stored.
 */
export async function ensureEventDestination(options: {
  readonly stripe: EventDestinations
  readonly secrets: SecretStore
  readonly secretId: string
  readonly webhookUrl: string
}): Promise<'made' | 'updated' | 'unchanged'> {
  const { stripe, secrets, secretId, webhookUrl } = options
  const stored = z.parse(stripeSecretSchema, JSON.parse((await secrets.read(secretId)) ?? 'null'))
  const ours = (await stripe.list()).filter(({ url }) => url === webhookUrl)
  const kept = stored.eventDestinationSecret === undefined ? undefined : ours[0]
  if (kept) {
    const isComplete = METER_EVENTS.every(type => kept.enabledEvents.includes(type))
    if (!isComplete) await stripe.setEvents(kept.id)
    return isComplete ? 'unchanged' : 'updated'
  }
  const { id, secret } = await stripe.create(webhookUrl)
  // The secret first: what is removed before the new one is stored would lose deliveries.
  await secrets.write(secretId, JSON.stringify({ ...stored, eventDestinationSecret: secret }))
  for (const old of ours) if (old.id !== id) await stripe.remove(old.id)
  return 'made'
}

/** Stripe allows 16 destinations. */
const DESTINATIONS_MAX = 100

export const eventDestinations = (stripe: Stripe): EventDestinations => ({
  async list() {
    const { data } = await stripe.v2.core.eventDestinations.list({
      limit: DESTINATIONS_MAX,
      include: ['webhook_endpoint.url'],
    })
    return data.map(({ id, enabled_events, webhook_endpoint }) => ({
      id,
      url: webhook_endpoint?.url ?? '',
      enabledEvents: enabled_events,
    }))
  },
  async create(url) {
    const { id, webhook_endpoint } = await stripe.v2.core.eventDestinations.create({
      name: 'Tollgate meter errors',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: [...METER_EVENTS],
      webhook_endpoint: { url },
      include: ['webhook_endpoint.signing_secret'],
    })
    const secret = webhook_endpoint?.signing_secret
    if (!secret) throw new Error(`the event destination ${id} was made without a signing secret`)
    return { id, secret }
  },
  async setEvents(id) {
    await stripe.v2.core.eventDestinations.update(id, { enabled_events: [...METER_EVENTS] })
  },
  async remove(id) {
    await stripe.v2.core.eventDestinations.del(id)
  },
})
