import type Stripe from 'stripe'
import { customerWithCard, type Started, seconds, sellPlan } from './start.ts'

const CARD = { cardNumber: '4242424242424242', cardExpiry: '12/30', cardCvc: '123', billingName: 'Ada Dev' }

/**
 * Two months in which every kind of object comes to be: purchases on the page, usage, declines, credit, refunds, disputes,
 * a schedule, cancellations. Starts on 2026-11-10.
 */
export async function tellStory(local: Started): Promise<void> {
  const { stripe } = local
  local.engine.settings = {
    ...local.engine.settings,
    afterLastRetry: 'mark_unpaid',
    taxPercentByCountry: { DE: 19 },
  }
  await stripe.webhookEndpoints.create({ url: local.receiverUrl, enabled_events: ['*'] })
  await stripe.v2.core.eventDestinations.create({
    name: 'meter errors',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['v1.billing.meter.error_report_triggered'],
    webhook_endpoint: { url: local.receiverUrl },
  })
  const tiers = [
    { up_to: 100, unit_amount: 0 },
    { up_to: 'inf' as const, unit_amount: 2, flat_amount: 50 },
  ]
  const plan = await sellPlan(stripe, { flatMinor: 2900, tiers })
  const other = await sellPlan(stripe, { flatMinor: 4900, tiers, name: 'growth' })
  await buyOnThePage(local, plan)
  const customer = await scheduledCustomer(local, plan, other)
  await taxedCustomer(local, plan)
  const late = await customerWithCard(stripe, 'pm_card_chargeCustomerFail')
  await stripe.subscriptions.create({
    customer: late.id,
    items: [{ price: plan.usage.id }, { price: plan.flat.id }],
    payment_behavior: 'default_incomplete',
  })
  const waiting = await stripe.subscriptions.list({ customer: late.id })
  const first = String(waiting.data[0]?.latest_invoice)
  await stripe.invoices.pay(first, { payment_method: 'pm_card_visa' })
  for (const [id, value] of [
    [customer, '250'],
    ['cus_nobody', '1'],
  ] as const) {
    await stripe.billing.meterEvents.create({
      event_name: plan.eventName,
      payload: { stripe_customer_id: id, value },
      identifier: `event-${id}`,
    })
  }
  await local.advance('2026-12-10T12:00:00Z')
  await payBack(stripe, customer)
  await local.advance('2027-01-20T12:00:00Z')
}

async function buyOnThePage(local: Started, plan: Awaited<ReturnType<typeof sellPlan>>): Promise<void> {
  const session = await local.stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: plan.flat.id, quantity: 1 }, { price: plan.usage.id }],
    success_url: 'https://shop.example/ok',
    tax_id_collection: { enabled: true },
  })
  for (const cardNumber of ['4000000000000002', CARD.cardNumber]) {
    const body = new URLSearchParams({ ...CARD, cardNumber, email: 'ada@example.com', taxId: 'DE123456789' })
    await fetch(session.url ?? '', { method: 'POST', body, redirect: 'manual' })
  }
  await local.stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: plan.flat.id, quantity: 1 }],
    success_url: 'https://shop.example/ok',
    expires_at: seconds('2026-11-10T10:30:00Z'),
  })
}

/** Has credit and a coupon, changes plans at the end of the month, and leaves a month later. */
async function scheduledCustomer(
  local: Started,
  plan: Awaited<ReturnType<typeof sellPlan>>,
  other: Awaited<ReturnType<typeof sellPlan>>,
): Promise<string> {
  const { stripe } = local
  const { id } = await customerWithCard(stripe)
  await stripe.billing.creditGrants.create({
    customer: id,
    amount: { type: 'monetary', monetary: { currency: 'usd', value: 120 } },
    applicability_config: { scope: { price_type: 'metered' } },
    category: 'promotional',
    name: 'Welcome',
    expires_at: seconds('2027-01-01T00:00:00Z'),
  })
  const coupon = await stripe.coupons.create({
    percent_off: 10,
    duration: 'repeating',
    duration_in_months: 2,
  })
  const subscription = await stripe.subscriptions.create({
    customer: id,
    items: [{ price: plan.flat.id }, { price: plan.usage.id }],
    discounts: [{ coupon: coupon.id }],
  })
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'cancel',
    phases: [
      {
        items: [{ price: plan.flat.id }, { price: plan.usage.id }],
        end_date: schedule.phases[0]?.end_date ?? 0,
      },
      { items: [{ price: other.flat.id }, { price: other.usage.id }], duration: { interval: 'month' } },
    ],
  })
  await stripe.customers.createBalanceTransaction(id, { amount: -100, currency: 'usd' })
  return id
}

/** Pays tax, and a card that is disputed. */
async function taxedCustomer(local: Started, plan: Awaited<ReturnType<typeof sellPlan>>): Promise<void> {
  const { stripe } = local
  const customer = await customerWithCard(stripe, 'pm_card_createDispute')
  await stripe.customers.update(customer.id, { address: { country: 'DE' } })
  await stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' })
  await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.flat.id }],
    automatic_tax: { enabled: true },
  })
  await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: 'https://shop.example' })
}

/** A credit note on a paid invoice with a refund, and one on an open invoice. */
async function payBack(stripe: Stripe, customer: string): Promise<void> {
  const [paid] = (await stripe.invoices.list({ customer, status: 'paid', limit: 1 })).data
  const invoice = paid?.id ?? ''
  await stripe.creditNotes.create({
    invoice,
    amount: 500,
    refund_amount: 300,
    credit_amount: 200,
    memo: 'Sorry',
  })
  const open = await stripe.invoices.create({ customer })
  await stripe.invoiceItems.create({ customer, invoice: open.id, amount: 900, currency: 'usd' })
  await stripe.invoices.finalizeInvoice(open.id)
  await stripe.creditNotes.create({ invoice: open.id, amount: 400 })
  await stripe.invoices.voidInvoice(open.id)
}
