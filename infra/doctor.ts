import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { catalogueSchema } from '#billing/contract'
import { readConfig } from '#kernel/config'
import { examine, printFindings } from '../billing/cli/doctor.ts'
import { doctorStripe } from '../billing/cli/doctor-stripe.ts'
import { secretStore } from '../billing/cli/setup.ts'
import { createStripe, type StripeSecret, stripeSecretSchema } from '../billing/stripe/client.ts'
import { STACKS, STRIPE_SECRET } from './aws/names.ts'
import { DEFAULT_REGION, ROOT_CREDENTIALS } from './local/options.ts'

const USAGE = `Usage: npm run doctor -- [flags]

  --webhook-url URL   where Stripe should call (default: the output of the last npm run deploy here)
  --local             examine a running npm start instead of the deployment
  --port-offset N     of that npm start
  --help              print this

Reads the key from the deployment's secret, or from STRIPE_SECRET_KEY. Nothing is changed.`

/** Ports of a local start without an offset, as `infra/ports.ts` has them. */
const LOCAL = { aws: 4566, stripe: 12_111, webhooks: 8083 } as const

type Target = {
  readonly aws: SecretsManagerClientConfig
  readonly stripeApiUrl: string
  readonly secretKey: string | undefined
  readonly webhookUrl: string
  readonly automaticTax: boolean
}

/** `npm run doctor`: whether Stripe is set up for this deployment. Ends with 1 when a check fails. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'webhook-url': { type: 'string' },
      local: { type: 'boolean', default: false },
      'port-offset': { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const target = values.local
    ? localTarget(Number(values['port-offset']))
    : await deployedTarget(values['webhook-url'])
  const stored = await readSecret(target.aws)
  const secretKey = target.secretKey ?? stored?.secretKey
  if (secretKey === undefined)
    throw new Error('There is no key: set STRIPE_SECRET_KEY, or run npm run deploy first.')
  const file = new URL('../billing/catalogue/catalogue.json', import.meta.url)
  const findings = await examine({
    stripe: doctorStripe(createStripe(secretKey, target.stripeApiUrl)),
    webhookUrl: target.webhookUrl,
    catalogue: z.parse(catalogueSchema, JSON.parse(await readFile(file, 'utf8'))),
    automaticTax: target.automaticTax,
    secretProblem: secretProblem(stored, secretKey),
  })
  for (const line of printFindings(findings)) console.log(line)
  if (findings.some(({ outcome }) => outcome === 'bad')) process.exitCode = 1
}

function localTarget(offset: number): Target {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Error('--port-offset takes a whole number')
  return {
    aws: {
      region: DEFAULT_REGION,
      endpoint: `http://localhost:${LOCAL.aws + offset}`,
      credentials: ROOT_CREDENTIALS,
    },
    stripeApiUrl: `http://localhost:${LOCAL.stripe + offset}`,
    secretKey: undefined,
    webhookUrl: `http://127.0.0.1:${LOCAL.webhooks + offset}/stripe`,
    automaticTax: false,
  }
}

async function deployedTarget(given: string | undefined): Promise<Target> {
  const env = readConfig(
    z.object({
      STRIPE_SECRET_KEY: z.optional(z.string()),
      STRIPE_API_URL: z._default(z.string(), 'https://api.stripe.com'),
      AUTOMATIC_TAX: z._default(z.enum(['true', 'false']), 'false'),
    }),
  )
  return {
    aws: {},
    stripeApiUrl: env.STRIPE_API_URL,
    secretKey: env.STRIPE_SECRET_KEY || undefined,
    webhookUrl: given ?? (await outputUrl()),
    automaticTax: env.AUTOMATIC_TAX === 'true',
  }
}

/** What `npm run deploy` wrote down. */
async function outputUrl(): Promise<string> {
  const file = fileURLToPath(new URL('../.build/outputs.json', import.meta.url))
  const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()))
  const text = await readFile(file, 'utf8').catch(() => '{}')
  const url = z.parse(outputsSchema, JSON.parse(text))[STACKS.billing]?.WebhookUrl
  if (!url) throw new Error(`Nothing was deployed from here: say --webhook-url.\n\n${USAGE}`)
  return url
}

async function readSecret(aws: SecretsManagerClientConfig): Promise<StripeSecret | undefined> {
  const text = await secretStore(new SecretsManagerClient(aws)).read(STRIPE_SECRET)
  try {
    return z.safeParse(stripeSecretSchema, JSON.parse(text ?? 'null')).data
  } catch {
    return undefined
  }
}

function secretProblem(stored: StripeSecret | undefined, secretKey: string): string | null {
  if (!stored) return 'Its key or signing secret is missing: run npm run deploy.'
  if (stored.secretKey !== secretKey)
    return 'It holds another key than STRIPE_SECRET_KEY: run npm run deploy.'
  return stored.eventDestinationSecret === undefined
    ? 'The signing secret of the event destination is missing: run npm run deploy.'
    : null
}

if (import.meta.main)
  await main().catch(error => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
