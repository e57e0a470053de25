import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import Stripe from 'stripe'
import * as z from 'zod/mini'
import { type Instant, MINUTE_MS } from '#kernel/time'

/** The wire contract that this service is written against; webhook endpoints are pinned to the same version. */
export const STRIPE_API_VERSION = '2026-10-28.endive'

/** How long a rotated secret may go unnoticed. */
const SECRET_CACHE_MS = 5 * MINUTE_MS
/** Below the timeout of every function that calls Stripe, so that a slow call is still our own error. */
const TIMEOUT_MS = 20_000
const RETRIES_MAX = 2

/** The secret's JSON. */
export const stripeSecretSchema = z.object({
  secretKey: z.string().check(z.minLength(1)),
  webhookSecret: z.string().check(z.minLength(1)),
  /** Of the event destination for thin events; absent until it was made. */
  eventDestinationSecret: z.optional(z.string().check(z.minLength(1))),
})
export type StripeSecret = z.output<typeof stripeSecretSchema>

export type StripeAccess = {
  /** The SDK on the current secret key. */
  readonly stripe: () => Promise<Stripe>
  /** Signing secret of our webhook endpoint. */
  readonly webhookSecret: () => Promise<string>
  /** Signing secret of our event destination for thin events; undefined until there is one. */
  readonly eventDestinationSecret: () => Promise<string | undefined>
}

/** Stripe as one deployable reaches it: secret read on first use and kept for five minutes. */
export function createStripeAccess(options: {
  readonly readSecret: () => Promise<string>
  readonly apiUrl: string
  readonly now: () => Instant
}): StripeAccess {
  let cached: { readonly secret: StripeSecret; readonly stripe: Stripe; readonly readAt: Instant } | undefined
  const current = async () => {
    if (cached && options.now() - cached.readAt < SECRET_CACHE_MS) return cached
    const secret = z.parse(stripeSecretSchema, JSON.parse(await options.readSecret()))
    const same = cached?.secret.secretKey === secret.secretKey
    const stripe = same && cached ? cached.stripe : createStripe(secret.secretKey, options.apiUrl)
    cached = { secret, stripe, readAt: options.now() }
    return cached
  }
  return {
    stripe: async () => (await current()).stripe,
    webhookSecret: async () => (await current()).secret.webhookSecret,
    eventDestinationSecret: async () => (await current()).secret.eventDestinationSecret,
  }
}

/** The SDK against one base URL, e.g. `https://api.stripe.com`. */
export function createStripe(secretKey: string, apiUrl: string): Stripe {
  const url = new URL(apiUrl)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return new Stripe(secretKey, {
    apiVersion: STRIPE_API_VERSION,
    host: url.hostname,
    port: url.port || (protocol === 'http' ? 80 : 443),
    protocol,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES_MAX,
    telemetry: false,
  })
}

/** Reads a secret's text from Secrets Manager. */
export function secretReader(secretId: string, client = new SecretsManagerClient({})): () => Promise<string> {
  return async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    if (SecretString === undefined) throw new Error(`the secret ${secretId} holds no text`)
    return SecretString
  }
}
