import { isDeepStrictEqual } from 'node:util'
import { type Catalogue, isFree, type PlanDefinition } from '#billing/contract'
import type { MeterFacts, PriceFacts } from '../plans/ports.ts'
import { STRIPE_API_VERSION } from '../stripe/client.ts'
import { meterEventName } from '../workflows/publish-plan/make-prices.ts'
import { WEBHOOK_EVENTS, type WebhookEndpoint } from './setup.ts'
import { type EventDestination, METER_EVENTS } from './setup-event-destination.ts'

/** What the doctor reads of Stripe. Each may throw: a key may lack the right to read one thing and have the others. */
export interface DoctorStripe {
  account(): Promise<{ readonly chargesEnabled: boolean; readonly detailsSubmitted: boolean }>
  webhookEndpoints(): Promise<readonly (WebhookEndpoint & { readonly enabled: boolean })[]>
  eventDestinations(): Promise<readonly EventDestination[]>
  /** Null: no active price has this lookup key. */
  priceByKey(lookupKey: string): Promise<PriceFacts | null>
  /** Null: no active meter takes this event. */
  meterByEvent(eventName: string): Promise<MeterFacts | null>
  /** Active configurations of Stripe's customer portal. */
  portalConfigurations(): Promise<number>
  taxStatus(): Promise<string>
}

export type Patient = {
  readonly stripe: DoctorStripe
  /** Where Stripe should call us. */
  readonly webhookUrl: string
  readonly catalogue: Catalogue
  /** The deployment computes tax through Stripe. */
  readonly automaticTax: boolean
  /** The secret that the functions use is complete and has the key that is examined with. */
  readonly secretProblem: string | null
}

/** `unknown`: it could not be read, so it neither passes nor fails. */
export type Finding = {
  readonly check: string
  readonly outcome: 'ok' | 'bad' | 'unknown'
  /** What is wrong and what to do; empty when it is all right. */
  readonly message: string
}

type Check = readonly [name: string, problem: () => Promise<string | null>]

/** Everything that Stripe's API tells about whether this deployment can bill. Nothing is changed. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { stripe, webhookUrl, catalogue, automaticTax, secretProblem } = patient
  const checks: Check[] = [
    ['stored secret', async () => secretProblem],
    ['account may charge', async () => accountProblem(await stripe.account())],
    ['webhook endpoint', async () => endpointProblem(await stripe.webhookEndpoints(), webhookUrl)],
    ['meter error events', async () => destinationProblem(await stripe.eventDestinations(), webhookUrl)],
    ...catalogue.plans.filter(plan => !isFree(plan)).flatMap(plan => planChecks(stripe, plan, catalogue)),
    ['customer portal', async () => portalProblem(await stripe.portalConfigurations())],
    ...(automaticTax
      ? [['tax', async () => taxProblem(await stripe.taxStatus())] as const satisfies Check]
      : []),
  ]
  return Promise.all(checks.map(runCheck))
}

async function runCheck([check, problem]: Check): Promise<Finding> {
  try {
    const message = await problem()
    return { check, outcome: message === null ? 'ok' : 'bad', message: message ?? '' }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { check, outcome: 'unknown', message: `could not be read: ${why}` }
  }
}

const accountProblem = (account: { chargesEnabled: boolean; detailsSubmitted: boolean }): string | null =>
  account.chargesEnabled
    ? null
    : account.detailsSubmitted
      ? 'Stripe does not let this account charge yet: see what the dashboard asks for.'
      : 'The account is not activated: complete its details in the dashboard.'

function endpointProblem(
  endpoints: readonly (WebhookEndpoint & { readonly enabled: boolean })[],
  url: string,
): string | null {
  const ours = endpoints.filter(one => one.url === url)
  const [endpoint] = ours
  if (!endpoint) return `Stripe does not call ${url}: run npm run deploy.`
  if (ours.length > 1) return `${ours.length} endpoints call ${url}: keep one, or each event comes twice.`
  if (!endpoint.enabled) return `The endpoint ${endpoint.id} is disabled: enable it in the dashboard.`
  if (endpoint.apiVersion !== STRIPE_API_VERSION)
    return `The endpoint speaks ${endpoint.apiVersion}, not ${STRIPE_API_VERSION}: run npm run deploy.`
  const missing = endpoint.enabledEvents.includes('*')
    ? []
    : WEBHOOK_EVENTS.filter(type => !endpoint.enabledEvents.includes(type))
  return missing.length === 0 ? null : `The endpoint misses ${missing.join(', ')}: run npm run deploy.`
}

function destinationProblem(destinations: readonly EventDestination[], url: string): string | null {
  const ours = destinations.find(one => one.url === url)
  if (!ours) return `Nobody tells us about refused usage: run npm run deploy.`
  const missing = METER_EVENTS.filter(type => !ours.enabledEvents.includes(type))
  return missing.length === 0 ? null : `The destination misses ${missing.join(', ')}: run npm run deploy.`
}

function planChecks(stripe: DoctorStripe, plan: PlanDefinition, { currency }: Catalogue): Check[] {
  const keys = { flat: `tollgate_${plan.id}_flat`, metered: `tollgate_${plan.id}_metered` }
  const eventName = meterEventName(plan.id)
  const flat = { model: 'per_unit', unitPriceMinor: plan.flatFeeMinor }
  return [
    [
      `price ${keys.flat}`,
      async () => priceProblem(await stripe.priceByKey(keys.flat), flat, 'licensed', currency),
    ],
    [
      `price ${keys.metered}`,
      async () => priceProblem(await stripe.priceByKey(keys.metered), plan.usagePrice, 'metered', currency),
    ],
    [
      `meter ${eventName}`,
      async () => {
        const meter = await stripe.meterByEvent(eventName)
        if (!meter) return 'There is no active meter for it: run npm run plans -- apply.'
        const price = await stripe.priceByKey(keys.metered)
        return price && price.meterId !== meter.id
          ? `The price counts ${price.meterId}, the usage goes to ${meter.id}.`
          : meter.problem
      },
    ],
  ]
}

function priceProblem(
  price: PriceFacts | null,
  expected: object,
  kind: 'licensed' | 'metered',
  currency: string,
): string | null {
  if (!price) return 'There is no active price with this lookup key: run npm run plans -- apply.'
  if (price.kind !== kind) return `It is ${price.kind}, not ${kind}.`
  if (price.currency !== currency) return `It is in ${price.currency}, the catalogue in ${currency}.`
  return isDeepStrictEqual(price.price, expected)
    ? null
    : 'It differs from the catalogue file: compare with npm run plans -- diff.'
}

const portalProblem = (active: number): string | null =>
  active > 0
    ? null
    : 'Customers cannot change their card: save the customer portal settings in the dashboard.'

const taxProblem = (status: string): string | null =>
  status === 'active'
    ? null
    : `Stripe Tax is ${status}: complete its settings, or deploy with AutomaticTax=false.`

/** What no API tells: a person looks once, and after each change of the account. */
export const CHECKLIST: readonly string[] = [
  'Billing → Invoices → grace period for usage: 72 hours, rule "has a metered price" (the default of one hour finalizes before late usage is in).',
  'Billing → Revenue recovery → retries: on, for two weeks; afterwards "leave the subscription past due" (Tollgate blocks and ends it).',
  'Billing → Subscriptions: one subscription per customer OFF (a change of plan has two for a moment; Tollgate keeps them apart).',
  'Billing → Customer e-mails: failed payments and expiring cards OFF (Tollgate mails them), receipts as you like.',
  'Billing → Customer portal: payment methods, billing address and invoice history ON; cancelling and switching plans OFF.',
  'Billing → Revenue recovery → 3D Secure: hosted page ON, so that banks can ask for a confirmation.',
  'Settings → Tax: origin address, product tax code and registrations, if tax is computed (AutomaticTax).',
  'Developers → API keys: this deployment has a key of its own.',
]

/** As a person reads it. */
export function printFindings(findings: readonly Finding[]): string[] {
  const MARKS = { ok: 'ok ', bad: 'BAD', unknown: ' ? ' } as const
  return [
    ...findings.map(
      ({ check, outcome, message }) => `${MARKS[outcome]}  ${check}${message && `: ${message}`}`,
    ),
    '',
    'Only the dashboard shows, so look yourself:',
    ...CHECKLIST.map(item => `[ ] ${item}`),
  ]
}
