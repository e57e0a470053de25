import { readFile } from 'node:fs/promises'
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda'
import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import { catalogueSchema } from '#billing/contract'
import { createInvoke } from '#kernel/invoke'
import type { Instant } from '#kernel/time'
import { applyCatalogue } from '../billing/cli/plans.ts'
import { ensureWebhook, secretStore, type WebhookEndpoints, webhookEndpoints } from '../billing/cli/setup.ts'
import { ensureEventDestination, eventDestinations } from '../billing/cli/setup-event-destination.ts'
import { createStripe } from '../billing/stripe/client.ts'
import { FUNCTIONS, STACKS, STRIPE_SECRET } from './aws/names.ts'

export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * What follows the provisioning of the stacks, on AWS and on a laptop alike: Stripe's webhook endpoint and the secret,
 * then the plans of the catalogue file. May be repeated.
 */
export async function setUp(options: {
  readonly outputs: StackOutputs
  /** SDK configuration; empty where the SDK finds region and credentials itself. */
  readonly aws: LambdaClientConfig & SecretsManagerClientConfig
  readonly stripeApiUrl: string
  readonly stripeSecretKey: string
  /** Stripe's own, unless it cannot call us. */
  readonly endpoints?: WebhookEndpoints
  readonly now: () => Instant
}): Promise<void> {
  const stripe = createStripe(options.stripeSecretKey, options.stripeApiUrl)
  const stored = {
    secrets: secretStore(new SecretsManagerClient(options.aws)),
    secretId: STRIPE_SECRET,
    webhookUrl: webhookUrlOf(options.outputs),
  }
  await ensureWebhook({
    ...stored,
    stripe: options.endpoints ?? webhookEndpoints(stripe),
    secretKey: options.stripeSecretKey,
  })
  // Where Stripe cannot call us, its events are polled: no destination would be reached.
  if (!options.endpoints) await ensureEventDestination({ ...stored, stripe: eventDestinations(stripe) })
  const file = new URL('../billing/catalogue/catalogue.json', import.meta.url)
  const catalogue = catalogueSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  await applyCatalogue({
    invoke: createInvoke(FUNCTIONS.billing, new LambdaClient(options.aws)),
    catalogue,
    now: options.now,
  })
}

/** Where Stripe's events go. Throws when billing is not deployed. */
export function webhookUrlOf(outputs: StackOutputs): string {
  const url = outputs[STACKS.billing]?.WebhookUrl
  if (!url) throw new Error(`Stack ${STACKS.billing} has no output WebhookUrl`)
  return url
}
