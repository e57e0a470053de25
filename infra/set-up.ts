import { readFile } from 'node:fs/promises'
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda'
import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import { catalogueSchema } from '#billing/contract'
import { createInvoke } from '#kernel/invoke'
import type { Instant } from '#kernel/time'
import { applyCatalogue } from '../billing/cli/plans.ts'
import { setUpStripe } from '../billing/cli/setup.ts'
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
  readonly now: () => Instant
}): Promise<void> {
  const webhookUrl = options.outputs[STACKS.billing]?.WebhookUrl
  if (!webhookUrl) throw new Error(`Stack ${STACKS.billing} has no output WebhookUrl`)
  await setUpStripe({
    stripe: createStripe(options.stripeSecretKey, options.stripeApiUrl),
    secretKey: options.stripeSecretKey,
    secrets: new SecretsManagerClient(options.aws),
    secretId: STRIPE_SECRET,
    webhookUrl,
  })
  const file = new URL('../billing/catalogue/catalogue.json', import.meta.url)
  const catalogue = catalogueSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  await applyCatalogue({
    invoke: createInvoke(FUNCTIONS.billing, new LambdaClient(options.aws)),
    catalogue,
    now: options.now,
  })
}
