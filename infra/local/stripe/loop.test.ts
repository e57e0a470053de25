import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Plan, type Started, seconds, sellPlan, startForTest } from './testing/start.ts'

const CARD = {
  cardNumber: '4242 4242 4242 4242',
  cardExpiry: '12 / 30',
  cardCvc: '123',
  billingName: 'Ada Dev',
}
const SECRETS = new Map<Started, string>()
let local: Started
let plan: Plan

beforeEach(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
  plan = await sellPlan(local.stripe, {
    flatMinor: 2900,
    tiers: [
      { up_to: 20_000, unit_amount: 0 },
      { up_to: 'inf', unit_amount_decimal: Stripe.Decimal.from('0.15') },
    ],
  })
  const endpoint = await local.stripe.webhookEndpoints.create({
    url: local.receiverUrl,
    enabled_events: ['*'],
  })
  SECRETS.set(local, endpoint.secret ?? '')
})

afterEach(() => local.stop())

test('a customer who pays on the hosted page is invoiced for the flat fee and the usage of the month, and pays', async () => {
  const { stripe } = local
  const customer = await stripe.customers.create({ email: 'dev@example.com', name: 'Dev' })
  const session = await openCheckout(customer.id)
  const page = await fetch(session.url ?? '')
  expect(await page.text()).toContain('$29.00')
  const paid = await post(session.url ?? '', CARD)
  expect(paid.status).toBe(303)
  expect(paid.headers.get('location')).toBe(`https://shop.example/ok?s=${session.id}`)

  const done = await stripe.checkout.sessions.retrieve(session.id)
  expect(done).toMatchObject({ status: 'complete', payment_status: 'paid', client_reference_id: 'acct_1' })
  const subscription = await stripe.subscriptions.retrieve(String(done.subscription), {
    expand: ['latest_invoice'],
  })
  expect(subscription).toMatchObject({ status: 'active', metadata: { account: 'acct_1' } })
  expect(subscription.latest_invoice).toMatchObject({
    status: 'paid',
    total: 2900,
    billing_reason: 'subscription_create',
  })

  await report(customer.id, '25000', seconds('2026-11-30T12:00:00Z'), 'seg-1', '2026-11-30T12:01:00Z')
  await local.advance('2026-12-10T09:30:00Z')
  const [draft] = (await stripe.invoices.list({ subscription: subscription.id, status: 'draft' })).data
  expect(draft).toMatchObject({ billing_reason: 'subscription_cycle', total: 3650, auto_advance: true })

  await local.advance('2026-12-10T10:31:00Z')
  const invoice = await stripe.invoices.retrieve(draft?.id ?? '')
  expect(invoice).toMatchObject({ status: 'paid', total: 3650, amount_paid: 3650, amount_remaining: 0 })
  expect(invoice.number).toMatch(/^[0-9A-Z]{8}-0002$/)
  expect(invoice.lines.data.map(line => [line.quantity, line.amount, line.description])).toEqual([
    [1, 2900, '1 unit × Starter (at $29.00 / month)'],
    [20_000, 0, '20000 unit × Starter (Tier 1 at $0.00 / month)'],
    [5_000, 750, '5000 unit × Starter (Tier 2 at $0.0015 / month)'],
  ])
  const signed = local.received.at(-1)
  const event = stripe.webhooks.constructEvent(
    signed?.body ?? '',
    signed?.signature ?? '',
    SECRETS.get(local) ?? '',
    300,
    undefined,
    signed?.atMs,
  )
  expect(event.api_version).toBe('2026-10-28.endive')
  expect(local.types()).toEqual(
    expect.arrayContaining([
      'checkout.session.completed',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
    ]),
  )
})

async function openCheckout(customer: string) {
  return local.stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    client_reference_id: 'acct_1',
    line_items: [{ price: plan.flat.id, quantity: 1 }, { price: plan.usage.id }],
    subscription_data: { metadata: { account: 'acct_1' }, billing_mode: { type: 'flexible' } },
    success_url: 'https://shop.example/ok?s={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/plans',
  })
}

async function report(customer: string, value: string, timestamp: number, identifier: string, at: string) {
  await local.advance(at)
  return local.stripe.billing.meterEvents.create({
    event_name: plan.eventName,
    payload: { stripe_customer_id: customer, value },
    timestamp,
    identifier,
  })
}

function post(url: string, form: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
}
