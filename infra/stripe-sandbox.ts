import { randomBytes } from 'node:crypto'
import type Stripe from 'stripe'
import type { SecretStore, WebhookEndpoints } from '../billing/cli/setup.ts'
import { createStripe, stripeSecretSchema } from '../billing/stripe/client.ts'
import { createRelay, keepLooking } from './relay-events.ts'

/** A sandbox of Stripe in the place of the stand-in. */
export type Sandbox = {
  readonly secretKey: string
  /** `https://api.stripe.com`. */
  readonly apiUrl: string
}

/** Why the clock does not move while a sandbox is attached. */
export const CLOCK_LOCKED =
  'A Stripe sandbox is attached and lives in real time, so the clock cannot be moved. Start without STRIPE_SECRET_KEY to move it.'

const DELIVERY_TIMEOUT_MS = 30_000
/** Stripe's clock and ours differ a little. */
const SKEW_SECONDS = 60

/**
 * Stripe cannot call this machine: no endpoint is made there, its events are fetched instead, and the signing secret is
 * made here.
 */
export const unreachableEndpoint: WebhookEndpoints = {
  list: async () => [],
  create: async () => ({ id: 'we_local', secret: `whsec_${randomBytes(24).toString('base64url')}` }),
  setEvents: async () => undefined,
  remove: async () => undefined,
}

/** Throws with Stripe's own words when it does not take the key, or cannot be reached. */
export async function checkSandbox({ secretKey, apiUrl }: Sandbox): Promise<void> {
  try {
    await createStripe(secretKey, apiUrl).events.list({ limit: 1 })
  } catch (error) {
    throw new Error(`STRIPE_SECRET_KEY cannot be used with ${apiUrl}`, { cause: error })
  }
}

/** Brings the sandbox's events, signed, to the webhook until the returned function is called. */
export async function relaySandbox(options: {
  readonly sandbox: Sandbox
  readonly webhookUrl: string
  readonly secrets: SecretStore
  readonly secretId: string
  /** Epoch milliseconds: events from before are not ours. */
  readonly since: number
  readonly tell: (summary: string, error: unknown) => void
}): Promise<() => Promise<void>> {
  const { sandbox, webhookUrl, tell } = options
  const stripe = createStripe(sandbox.secretKey, sandbox.apiUrl)
  const stored = await options.secrets.read(options.secretId)
  const { webhookSecret } = stripeSecretSchema.parse(JSON.parse(stored ?? 'null'))
  const look = createRelay({
    list: createdFrom => stripe.events.list({ created: { gte: createdFrom }, limit: 100 }),
    deliver: event => deliver(stripe, webhookUrl, webhookSecret, event, tell),
    since: Math.floor(options.since / 1000) - SKEW_SECONDS,
    now: Date.now,
  })
  return keepLooking(look, error => tell('Events of the sandbox cannot be read', error))
}

async function deliver(
  stripe: Stripe,
  url: string,
  secret: string,
  event: Stripe.Event,
  tell: (summary: string, error: unknown) => void,
): Promise<boolean> {
  const payload = JSON.stringify(event)
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret })
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: payload,
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    })
    await response.arrayBuffer()
    if (!response.ok) tell(`${event.type} was not taken`, `status ${response.status}`)
    return response.ok
  } catch (error) {
    tell(`${event.type} could not be delivered`, error)
    return false
  }
}
