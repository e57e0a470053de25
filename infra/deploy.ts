import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { now } from '#kernel/clock'
import { readConfig, required } from '#kernel/config'
import { STACKS } from './aws/names.ts'
import { build } from './launch.ts'
import { setUp } from './set-up.ts'

/**
 * `npm run deploy`: cdk deploy, then Stripe's webhook endpoint and secret, then the plans. Every part may be repeated.
 * Settings come from the environment, AWS credentials from where the AWS SDK looks for them.
 */
const settings = readConfig(
  z.object({
    PORTAL_URL: required,
    API_URL: required,
    MAIL_FROM: required,
    STRIPE_SECRET_KEY: required,
    STRIPE_API_URL: z._default(z.string(), 'https://api.stripe.com'),
    KEY_STAGE: z._default(z.enum(['live', 'test']), 'live'),
    PAYMENT_GRACE_DAYS: z._default(z.string(), '7'),
    PAYMENT_CANCEL_DAYS: z._default(z.string(), '14'),
    AUTOMATIC_TAX: z._default(z.enum(['true', 'false']), 'false'),
  }),
)
const root = fileURLToPath(new URL('..', import.meta.url))
const outputsFile = `${root}.build/outputs.json`

await build()
deployStacks()
await setUp({
  outputs: JSON.parse(await readFile(outputsFile, 'utf8')),
  aws: {},
  stripeApiUrl: settings.STRIPE_API_URL,
  stripeSecretKey: settings.STRIPE_SECRET_KEY,
  now,
})

function deployStacks(): void {
  const parameters = {
    [`${STACKS.api}:Stage`]: settings.KEY_STAGE,
    [`${STACKS.billing}:StripeApiUrl`]: settings.STRIPE_API_URL,
    [`${STACKS.billing}:PaymentGraceDays`]: settings.PAYMENT_GRACE_DAYS,
    [`${STACKS.billing}:PaymentCancelDays`]: settings.PAYMENT_CANCEL_DAYS,
    [`${STACKS.billing}:AutomaticTax`]: settings.AUTOMATIC_TAX,
    [`${STACKS.portal}:PortalUrl`]: settings.PORTAL_URL,
    [`${STACKS.portal}:ApiUrl`]: settings.API_URL,
    [`${STACKS.portal}:MailFrom`]: settings.MAIL_FROM,
  }
  const flags = Object.entries(parameters).flatMap(([name, value]) => ['--parameters', `${name}=${value}`])
  const { status } = spawnSync(
    'cdk',
    ['deploy', '--all', '--app', '.build/cdk.out', '--outputs-file', outputsFile, ...flags],
    { cwd: root, stdio: 'inherit' },
  )
  if (status !== 0) process.exit(status ?? 1)
}
