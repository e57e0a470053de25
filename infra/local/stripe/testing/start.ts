import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import Stripe from 'stripe'
import { createClock } from '../../clock.ts'
import { type StripeOptions, startStripe } from '../start-stripe.ts'

export type Received = { readonly body: string; readonly signature: string; readonly atMs: number }

/** The stand-in on a free port, the real SDK, and a webhook endpoint that keeps what it receives. */
export async function startForTest(
  startAt: string,
  options: Pick<StripeOptions, 'settings' | 'faults'> = {},
) {
  const clock = createClock({ mode: 'frozen', startAt: Date.parse(startAt) })
  const journal: { source: string; summary: string }[] = []
  const port = await freePort()
  const running = await startStripe({ clock, port, journal: entry => journal.push(entry), ...options })
  const stripe = new Stripe('sk_test_local', {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
  })
  const received: Received[] = []
  const answers: number[] = []
  const receiver = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      received.push({ body, signature: String(request.headers['stripe-signature']), atMs: clock.now() })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks`
  return {
    ...running,
    clock,
    stripe,
    journal,
    received,
    /** Statuses of the next answers of the webhook endpoint; 200 afterwards. */
    answers,
    receiverUrl,
    advance: (instant: string) => clock.advanceTo(Date.parse(instant)),
    advanceBy: (seconds: number) => clock.advanceTo(clock.now() + seconds * 1000),
    types: () => received.map(one => (JSON.parse(one.body) as { type: string }).type),
    async stop() {
      await running.stop()
      receiver.closeAllConnections()
      await new Promise<void>(resolve => receiver.close(() => resolve()))
    },
  }
}

export type Started = Awaited<ReturnType<typeof startForTest>>

/** A plan as Tollgate sells one: a flat price and a graduated metered price on one meter. */
export async function sellPlan(
  stripe: Stripe,
  plan: { flatMinor: number; tiers: Stripe.PriceCreateParams.Tier[]; name?: string },
) {
  const name = plan.name ?? 'starter'
  const product = await stripe.products.create({ name: 'Starter', unit_label: 'unit' })
  const meter = await stripe.billing.meters.create({
    display_name: 'Units',
    event_name: `units_${name}`,
    default_aggregation: { formula: 'sum' },
  })
  const flat = await stripe.prices.create({
    currency: 'usd',
    product: product.id,
    unit_amount: plan.flatMinor,
    recurring: { interval: 'month' },
    lookup_key: `${name}_flat`,
  })
  const usage = await stripe.prices.create({
    currency: 'usd',
    product: product.id,
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: plan.tiers,
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    lookup_key: `${name}_usage`,
  })
  return { product, meter, flat, usage, eventName: `units_${name}` }
}

export type Plan = Awaited<ReturnType<typeof sellPlan>>

/** A customer whose card is saved as its default. */
export async function customerWithCard(stripe: Stripe, card = 'pm_card_visa') {
  const customer = await stripe.customers.create({ email: 'dev@example.com', name: 'Dev' })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  return stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } })
}

export async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => server.close(() => resolve()))
  return port
}

export const seconds = (instant: string): number => Date.parse(instant) / 1000
