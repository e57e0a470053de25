import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  customerWithCard,
  type Plan,
  type Started,
  seconds,
  sellPlan,
  startForTest,
} from './testing/start.ts'

let local: Started
let plan: Plan

beforeEach(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
  plan = await sellPlan(local.stripe, {
    flatMinor: 1000,
    tiers: [
      { up_to: 5, unit_amount: 700 },
      { up_to: 10, unit_amount: 650 },
      { up_to: 'inf', unit_amount: 600 },
    ],
  })
})

afterEach(() => local.stop())

async function subscribe(card?: string) {
  const customer = await customerWithCard(local.stripe, card)
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.flat.id }, { price: plan.usage.id }],
  })
  return { customer, subscription }
}

function use(customer: string, value: string, at: string) {
  return local.stripe.billing.meterEvents.create({
    event_name: plan.eventName,
    payload: { stripe_customer_id: customer, value },
    timestamp: seconds(at),
  })
}

async function draftOf(subscription: string) {
  const [draft] = (await local.stripe.invoices.list({ subscription, status: 'draft' })).data
  if (draft === undefined) throw new Error('no draft')
  return draft
}

const amounts = (invoice: { lines: { data: { amount: number }[] } }) =>
  invoice.lines.data.map(line => line.amount)

test('the metered lines of a draft are stale until it is finalized; the golden 20 units cost 127.50', async () => {
  const { customer, subscription } = await subscribe()
  await local.advance('2026-12-10T09:30:00Z')
  const draft = await draftOf(subscription.id)
  expect(amounts(draft)).toEqual([1000, 0])
  await use(customer.id, '20', '2026-12-10T09:29:59Z')
  await local.advanceBy(60)
  expect(amounts(await local.stripe.invoices.retrieve(draft.id))).toEqual([1000, 0])
  const final = await local.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false })
  expect(amounts(final)).toEqual([1000, 3500, 3250, 6000])
  expect(final).toMatchObject({ status: 'open', total: 13_750, auto_advance: false })
})

test('usage that summaries do not show yet is on the invoice that is finalized now', async () => {
  const { customer, subscription } = await subscribe()
  await local.advance('2026-12-10T09:30:00Z')
  const draft = await draftOf(subscription.id)
  await use(customer.id, '1', '2026-12-10T09:29:59Z')
  expect(amounts(await local.stripe.invoices.finalizeInvoice(draft.id))).toEqual([1000, 700])
})

test('usage in the last second of a period is on its invoice, and a second later on the next', async () => {
  const { customer, subscription } = await subscribe()
  await local.advance('2026-12-10T09:30:00Z')
  await use(customer.id, '1', '2026-12-10T09:29:59Z')
  await use(customer.id, '2', '2026-12-10T09:30:00Z')
  await local.advance('2027-01-10T12:00:00Z')
  const invoices = await local.stripe.invoices.list({ subscription: subscription.id })
  const metered = invoices.data.map(
    invoice =>
      invoice.lines.data.find(line => line.pricing?.price_details?.price === plan.usage.id)?.quantity,
  )
  expect(metered).toEqual([2, 1, undefined])
})

test('usage that arrives after the invoice is final is on no invoice', async () => {
  const { customer, subscription } = await subscribe()
  await local.advance('2026-12-10T10:31:00Z')
  await use(customer.id, '20', '2026-12-09T00:00:00Z')
  await local.advance('2027-01-10T12:00:00Z')
  const invoices = await local.stripe.invoices.list({ subscription: subscription.id })
  expect(invoices.data.map(invoice => invoice.total)).toEqual([1000, 1000, 1000])
})

test('a draft waits for the time it was given, and collection for auto_advance', async () => {
  const { subscription } = await subscribe()
  await local.advance('2026-12-10T09:30:00Z')
  const draft = await draftOf(subscription.id)
  expect(draft.automatically_finalizes_at).toBe(seconds('2026-12-10T10:30:00Z'))
  await local.stripe.invoices.update(draft.id, {
    automatically_finalizes_at: seconds('2026-12-13T09:30:00Z'),
  })
  await local.advance('2026-12-13T09:29:59Z')
  expect((await local.stripe.invoices.retrieve(draft.id)).status).toBe('draft')
  await local.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false })
  await local.advance('2026-12-20T00:00:00Z')
  expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'open', attempted: false })
  await local.stripe.invoices.update(draft.id, { auto_advance: true })
  await local.advanceBy(5)
  expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid', attempt_count: 1 })
})

test('a refused card makes the subscription past due, retries on schedule, and a good card revives it', async () => {
  const { customer, subscription } = await subscribe()
  const bad = await local.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
    customer: customer.id,
  })
  await local.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } })
  await local.advance('2026-12-10T10:31:00Z')
  const [invoice] = (await local.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data
  expect(invoice).toMatchObject({ status: 'open', attempt_count: 1, amount_remaining: 1000 })
  expect(invoice?.next_payment_attempt).toBe(seconds('2026-12-13T10:30:01Z'))
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
  expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: true })
  await local.advance('2026-12-13T10:31:00Z')
  expect((await local.stripe.invoices.retrieve(invoice?.id ?? '')).attempt_count).toBe(2)
  await expect(local.stripe.invoices.pay(invoice?.id ?? '')).rejects.toMatchObject({
    statusCode: 402,
    code: 'card_declined',
  })
  await local.stripe.invoices.pay(invoice?.id ?? '', { payment_method: 'pm_card_visa' })
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: false })
})

test('periods that begin on the 31st end on the last day of shorter months', async () => {
  await local.advance('2027-01-31T00:00:00Z')
  const { subscription } = await subscribe()
  const ends: string[] = []
  for (const instant of ['2027-01-31T00:00:00Z', '2027-02-28T00:00:00Z', '2027-03-31T00:00:00Z']) {
    await local.advance(instant)
    const item = (await local.stripe.subscriptions.retrieve(subscription.id)).items.data[0]
    ends.push(new Date((item?.current_period_end ?? 0) * 1000).toISOString())
  }
  expect(ends).toEqual(['2027-02-28T00:00:00.000Z', '2027-03-31T00:00:00.000Z', '2027-04-30T00:00:00.000Z'])
})

test('canceling with invoice_now bills the usage until that second and nothing flat; without it nothing at all', async () => {
  const { customer, subscription } = await subscribe()
  await local.advance('2026-11-20T00:00:00Z')
  await use(customer.id, '6', '2026-11-19T23:59:59Z')
  await use(customer.id, '100', '2026-11-20T00:00:00Z')
  const ended = await local.stripe.subscriptions.cancel(subscription.id, {
    invoice_now: true,
    prorate: false,
  })
  expect(ended).toMatchObject({ status: 'canceled', ended_at: seconds('2026-11-20T00:00:00Z') })
  const final = await local.stripe.invoices.finalizeInvoice(String(ended.latest_invoice))
  expect(final).toMatchObject({ total: 4150, period_end: seconds('2026-11-20T00:00:00Z') })
  await expect(local.stripe.subscriptions.cancel(subscription.id)).rejects.toMatchObject({
    code: 'resource_missing',
  })
  const other = await subscribe()
  await local.stripe.subscriptions.cancel(other.subscription.id)
  await local.advance('2027-02-01T00:00:00Z')
  expect((await local.stripe.invoices.list({ subscription: other.subscription.id })).data).toHaveLength(1)
})

test('cancel_at_period_end can be undone; else the last invoice holds only usage', async () => {
  const { customer, subscription } = await subscribe()
  const leaving = await local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
  expect(leaving).toMatchObject({ status: 'active', cancel_at: seconds('2026-12-10T09:30:00Z') })
  const staying = await local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
  expect(staying).toMatchObject({ cancel_at: null, canceled_at: null })
  await local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
  await local.advance('2026-12-10T09:30:00Z')
  await use(customer.id, '1', '2026-12-10T09:29:59Z')
  await local.advance('2026-12-10T10:31:00Z')
  const [last] = (await local.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data
  expect(last).toMatchObject({ status: 'paid', total: 700 })
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
  expect((await local.stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(0)
})

test('a first invoice that is not paid within 23 hours ends the subscription', async () => {
  const customer = await customerWithCard(local.stripe)
  const create = () =>
    local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: plan.flat.id }],
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    })
  const subscription = await create()
  const invoice = subscription.latest_invoice
  if (invoice === null || typeof invoice === 'string') throw new Error('not expanded')
  expect(subscription.status).toBe('incomplete')
  expect(invoice).toMatchObject({
    status: 'open',
    confirmation_secret: { type: 'payment_intent' },
    payments: { data: [{ status: 'open' }] },
  })
  const paid = await create()
  await local.stripe.invoices.pay(
    String(typeof paid.latest_invoice === 'string' ? '' : paid.latest_invoice?.id),
  )
  await local.advanceBy(23 * 3600)
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired')
  expect((await local.stripe.invoices.retrieve(invoice.id)).status).toBe('void')
  expect((await local.stripe.subscriptions.retrieve(paid.id)).status).toBe('active')
})

test('a card that asks its holder leaves the first payment open', async () => {
  const customer = await customerWithCard(local.stripe, 'pm_card_authenticationRequired')
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.flat.id }],
  })
  expect(subscription.status).toBe('incomplete')
  await expect(local.stripe.invoices.pay(String(subscription.latest_invoice))).rejects.toMatchObject({
    code: 'invoice_payment_intent_requires_action',
  })
})

test('a once-only coupon lowers the first invoice and no other', async () => {
  const customer = await customerWithCard(local.stripe)
  const coupon = await local.stripe.coupons.create({ amount_off: 333, currency: 'usd', duration: 'once' })
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.flat.id }, { price: plan.usage.id }],
    discounts: [{ coupon: coupon.id }],
  })
  await local.advance('2026-12-10T10:31:00Z')
  const invoices = await local.stripe.invoices.list({ subscription: subscription.id })
  expect(invoices.data.map(invoice => [invoice.subtotal, invoice.total])).toEqual([
    [1000, 1000],
    [1000, 667],
  ])
  expect(invoices.data[1]?.lines.data[0]?.discount_amounts).toMatchObject([{ amount: 333 }])
})

test('what is below the minimum charge is carried to the next invoice', async () => {
  const customer = await customerWithCard(local.stripe)
  const oneOff = async (amount: number) => {
    const invoice = await local.stripe.invoices.create({ customer: customer.id, auto_advance: false })
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: invoice.id,
      amount,
      currency: 'usd',
    })
    return local.stripe.invoices.finalizeInvoice(invoice.id)
  }
  expect(await oneOff(49)).toMatchObject({ status: 'paid', total: 49, amount_due: 0, ending_balance: 49 })
  expect(await oneOff(51)).toMatchObject({
    status: 'open',
    total: 51,
    amount_due: 100,
    starting_balance: 49,
    ending_balance: 0,
  })
  expect(await oneOff(-500)).toMatchObject({ status: 'paid', amount_due: 0, ending_balance: -500 })
  expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -500 })
})

test('a one-off invoice takes the items that waited, is paid, and cannot be changed any more', async () => {
  const customer = await customerWithCard(local.stripe)
  await local.stripe.invoiceItems.create({
    customer: customer.id,
    amount: 1250,
    currency: 'usd',
    description: 'Remainder',
  })
  const draft = await local.stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: 'include',
  })
  expect(draft).toMatchObject({ billing_reason: 'manual', total: 1250, parent: null })
  const paid = await local.stripe.invoices.pay(draft.id)
  expect(paid.status).toBe('paid')
  await expect(local.stripe.invoices.finalizeInvoice(draft.id)).rejects.toMatchObject({
    code: 'invoice_not_editable',
  })
  await expect(local.stripe.invoices.voidInvoice(draft.id)).rejects.toMatchObject({ statusCode: 400 })
  await expect(local.stripe.invoices.del(draft.id)).rejects.toMatchObject({ statusCode: 400 })
})

test('an open invoice can be voided or given up, and is not collected afterwards', async () => {
  const customer = await customerWithCard(local.stripe)
  const open = async () => {
    const invoice = await local.stripe.invoices.create({ customer: customer.id })
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: invoice.id,
      amount: 900,
      currency: 'usd',
    })
    return local.stripe.invoices.finalizeInvoice(invoice.id, { auto_advance: true })
  }
  const voided = await local.stripe.invoices.voidInvoice((await open()).id)
  const lost = await local.stripe.invoices.markUncollectible((await open()).id)
  await local.advanceBy(86_400)
  expect((await local.stripe.invoices.retrieve(voided.id)).status).toBe('void')
  expect((await local.stripe.invoices.retrieve(lost.id)).status).toBe('uncollectible')
})

test('a preview shows the next invoice by now and stores nothing', async () => {
  const { customer, subscription } = await subscribe()
  await use(customer.id, '6', '2026-11-10T09:30:00Z')
  await local.advanceBy(10)
  const next = await local.stripe.invoices.createPreview({ subscription: subscription.id })
  expect(next).toMatchObject({ billing_reason: 'upcoming', total: 5150 })
  expect(next.id).toMatch(/^upcoming_in_/)
  const first = await local.stripe.invoices.createPreview({
    customer: customer.id,
    subscription_details: { items: [{ price: plan.flat.id, quantity: 2 }] },
  })
  expect(first.total).toBe(2000)
  expect((await local.stripe.invoices.list({ customer: customer.id })).data).toHaveLength(1)
})

test('metered prices alone start an active subscription without an invoice, and negative usage bills zero', async () => {
  const customer = await customerWithCard(local.stripe)
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.usage.id }],
  })
  expect(subscription).toMatchObject({
    status: 'active',
    latest_invoice: null,
    billing_mode: { type: 'flexible' },
  })
  await use(customer.id, '-5', '2026-11-10T09:30:00Z')
  await local.advance('2026-12-10T10:31:00Z')
  const [invoice] = (await local.stripe.invoices.list({ subscription: subscription.id })).data
  expect(invoice).toMatchObject({ status: 'paid', total: 0, amount_due: 0 })
  expect(invoice?.lines.data.map(line => line.quantity)).toEqual([0])
})

test('the hosted invoice shows its lines', async () => {
  const { subscription } = await subscribe()
  const invoice = await local.stripe.invoices.retrieve(String(subscription.latest_invoice))
  for (const url of [invoice.hosted_invoice_url, invoice.invoice_pdf]) {
    const text = await (await fetch(url ?? '')).text()
    expect(text).toContain(invoice.number)
    expect(text).toContain('$10.00')
  }
})

test('an open invoice can be paid on its hosted page, after confirmation where the bank asks', async () => {
  const customer = await customerWithCard(local.stripe, 'pm_card_authenticationRequired')
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.flat.id }],
  })
  const url =
    (await local.stripe.invoices.retrieve(String(subscription.latest_invoice))).hosted_invoice_url ?? ''
  const submit = (fields: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  expect(await (await fetch(url)).text()).toContain('Your bank asks you to confirm')
  expect((await submit({ outcome: 'fail' })).status).toBe(402)
  const card = { cardNumber: '4000002760003184', cardExpiry: '12/30', cardCvc: '123', billingName: 'Ada' }
  expect((await submit(card)).status).toBe(303)
  expect(await (await fetch(url)).text()).toContain('Your bank asks you to confirm')
  expect((await submit({ outcome: 'complete' })).status).toBe(303)
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  expect(await (await fetch(url)).text()).not.toContain('data-testid="pay"')
})

test('a customer pays in one currency', async () => {
  const { customer } = await subscribe()
  const euro = await local.stripe.prices.create({
    currency: 'eur',
    product: plan.product.id,
    unit_amount: 900,
    recurring: { interval: 'month' },
  })
  await expect(
    local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: euro.id }] }),
  ).rejects.toMatchObject({ statusCode: 400 })
})

test('an event keeps the invoice as it was, whatever became of it', async () => {
  const { customer, subscription } = await subscribe()
  await local.advance('2026-12-10T09:30:00Z')
  await use(customer.id, '20', '2026-12-10T09:29:59Z')
  await local.advance('2026-12-10T10:31:00Z')
  const created = await local.stripe.events.list({ type: 'invoice.created', limit: 1 })
  const final = await local.stripe.events.list({ type: 'invoice.finalized', limit: 1 })
  const lines = (events: typeof created) => amounts(events.data[0]?.data.object as Stripe.Invoice)
  expect(lines(created)).toEqual([1000, 0])
  expect(lines(final)).toEqual([1000, 3500, 3250, 6000])
  expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'active' })
})
