import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type Stripe from 'stripe'
import * as z from 'zod/mini'
import { STRIPE_API_VERSION, type StripeSecret, stripeSecretSchema } from '../stripe/client.ts'

/** What Stripe tells us about. Everything is passed on to the bus; these are the types that something may need. */
export const WEBHOOK_EVENTS = [
  'checkout.session.completed',
  'checkout.session.expired',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'subscription_schedule.updated',
  'subscription_schedule.released',
  'subscription_schedule.canceled',
  'invoice.created',
  'invoice.finalized',
  'invoice.finalization_failed',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
] as const satisfies readonly Stripe.WebhookEndpointCreateParams.EnabledEvent[]

export type WebhookEndpoint = {
  readonly id: string
  readonly url: string
  readonly apiVersion: string | null
  readonly enabledEvents: readonly string[]
}

/** Stripe's webhook endpoints. */
export interface WebhookEndpoints {
  list(): Promise<readonly WebhookEndpoint[]>
  /** The signing secret is in this answer and nowhere else. */
  create(url: string): Promise<{ readonly id: string; readonly secret: string }>
  setEvents(id: string): Promise<void>
  remove(id: string): Promise<void>
}

export interface SecretStore {
  /** Undefined while nothing is stored. */
  read(secretId: string): Promise<string | undefined>
  write(secretId: string, text: string): Promise<void>
}

export type Setup = {
  readonly stripe: WebhookEndpoints
  readonly secrets: SecretStore
  readonly secretId: string
  readonly webhookUrl: string
  readonly secretKey: string
}
export type SetUp = {
  readonly endpoint: 'made' | 'updated' | 'unchanged'
  readonly secret: 'written' | 'unchanged'
}

/**
 * Makes Stripe call our webhook, in the version this service is written against, and stores both secrets. Repeatable:
 * an endpoint is made anew only when there is none, when its version differs (it cannot be changed), or when its
 * signing secret, which Stripe tells once, is not stored.
 */
export async function ensureWebhook({
  stripe,
  secrets,
  secretId,
  webhookUrl,
  secretKey,
}: Setup): Promise<SetUp> {
  const stored = parseSecret(await secrets.read(secretId))
  const ours = (await stripe.list()).filter(({ url }) => url === webhookUrl)
  const kept = stored && ours.find(({ apiVersion }) => apiVersion === STRIPE_API_VERSION)
  const webhookSecret = kept ? stored.webhookSecret : (await stripe.create(webhookUrl)).secret
  const hasAllEvents = kept && sameSet(kept.enabledEvents, WEBHOOK_EVENTS)
  if (kept && !hasAllEvents) await stripe.setEvents(kept.id)
  const secret: StripeSecret = { ...stored, secretKey, webhookSecret }
  const isStored = stored?.secretKey === secretKey && stored.webhookSecret === webhookSecret
  // The secret first: an endpoint that is removed before the new secret is stored would lose deliveries.
  if (!isStored) await secrets.write(secretId, JSON.stringify(secret))
  for (const endpoint of ours) if (endpoint.id !== kept?.id) await stripe.remove(endpoint.id)
  return {
    endpoint: !kept ? 'made' : hasAllEvents ? 'unchanged' : 'updated',
    secret: isStored ? 'unchanged' : 'written',
  }
}

/** The placeholder that a new secret holds is no secret of ours. */
function parseSecret(text: string | undefined): StripeSecret | undefined {
  if (text === undefined) return undefined
  try {
    return z.safeParse(stripeSecretSchema, JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(one => b.includes(one))

/** Most endpoints that an account of Stripe may have is 16 per mode. */
const ENDPOINTS_MAX = 100

export const webhookEndpoints = (stripe: Stripe): WebhookEndpoints => ({
  async list() {
    const { data } = await stripe.webhookEndpoints.list({ limit: ENDPOINTS_MAX })
    return data.map(({ id, url, api_version, enabled_events }) => ({
      ...{ id, url },
      apiVersion: api_version,
      enabledEvents: enabled_events,
    }))
  },
  async create(url) {
    const { id, secret } = await stripe.webhookEndpoints.create({
      url,
      enabled_events: [...WEBHOOK_EVENTS],
      api_version: STRIPE_API_VERSION,
      description: 'Tollgate billing',
    })
    if (!secret) throw new Error(`the endpoint ${id} was made without a signing secret`)
    return { id, secret }
  },
  async setEvents(id) {
    await stripe.webhookEndpoints.update(id, { enabled_events: [...WEBHOOK_EVENTS] })
  },
  async remove(id) {
    await stripe.webhookEndpoints.del(id)
  },
})

export const secretStore = (client: Pick<SecretsManagerClient, 'send'>): SecretStore => ({
  async read(SecretId) {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  },
  async write(SecretId, SecretString) {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }))
  },
})
