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
let starter: Plan
let growth: Plan

beforeEach(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
  const tiers = [
    { up_to: 100, unit_amount: 0 },
    { up_to: 'inf' as const, unit_amount: 2 },
  ]
  starter = await sellPlan(local.stripe, { flatMinor: 1000, tiers })
  growth = await sellPlan(local.stripe, {
    flatMinor: 5000,
    tiers: [{ up_to: 'inf', unit_amount: 1 }],
    name: 'growth',
  })
})

afterEach(() => local.stop())

async function subscribe(card?: string) {
  const customer = await customerWithCard(local.stripe, card)
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: starter.flat.id }, { price: starter.usage.id }],
  })
  return { customer, subscription }
}

function use(plan: Plan, customer: string, value: string, at: string) {
  return local.stripe.billing.meterEvents.create({
    event_name: plan.eventName,
    payload: { stripe_customer_id: customer, value },
    timestamp: seconds(at),
  })
}

async function oneOff(customer: string, amount: number) {
  const draft = await local.stripe.invoices.create({ customer })
  await local.stripe.invoiceItems.create({ customer, invoice: draft.id, amount, currency: 'usd' })
  return local.stripe.invoices.finalizeInvoice(draft.id)
}

async function latest(subscription: string) {
  const [invoice] = (await local.stripe.invoices.list({ subscription, limit: 1 })).data
  if (invoice === undefined) throw new Error('no invoice')
  return invoice
}

const amounts = (invoice: { lines: { data: { amount: number }[] } }) =>
  invoice.lines.data.map(line => line.amount)

test('a schedule bills the old usage at the old price and the new flat fee at the period end, on one invoice, and then lets go', async () => {
  const { customer, subscription } = await subscribe()
  const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  await local.stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    phases: [
      {
        items: [{ price: starter.flat.id }, { price: starter.usage.id }],
        start_date: schedule.phases[0]?.start_date ?? 0,
        end_date: schedule.phases[0]?.end_date ?? 0,
      },
      { items: [{ price: growth.flat.id }, { price: growth.usage.id }], duration: { interval: 'month' } },
    ],
  })
  await expect(
    local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
  ).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining('managed by the subscription schedule'),
  })
  await use(starter, customer.id, '150', '2026-11-10T09:30:00Z')
  await local.advanceBy(10)
  const preview = await local.stripe.invoices.createPreview({ subscription: subscription.id })
  expect(amounts(preview)).toEqual([0, 100, 5000])
  await local.advance('2026-12-10T10:31:00Z')
  expect(amounts(await latest(subscription.id))).toEqual([0, 100, 5000])
  const moved = await local.stripe.subscriptions.retrieve(subscription.id)
  expect(moved.items.data.map(item => item.price.id)).toEqual([growth.flat.id, growth.usage.id])
  await local.advance('2027-01-10T10:31:00Z')
  expect(await local.stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
    status: 'released',
    released_subscription: subscription.id,
  })
  expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
    schedule: null,
    status: 'active',
  })
})

test('a schedule that ends in cancellation ends the subscription with its last usage', async () => {
  const { customer, subscription } = await subscribe()
  const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  await local.stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'cancel' })
  await use(starter, customer.id, '200', '2026-11-10T09:30:00Z')
  await local.advance('2026-12-10T10:31:00Z')
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
  expect((await local.stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('completed')
  expect(amounts(await latest(subscription.id))).toEqual([0, 200])
})

test('a price swapped in mid-period bills each stretch at its own price: the documented 1.75', async () => {
  const { stripe } = local
  const product = await stripe.products.create({ name: 'API' })
  const price = (cents: number) =>
    stripe.prices.create({
      currency: 'usd',
      product: product.id,
      unit_amount: cents,
      transform_quantity: { divide_by: 100, round: 'up' },
      recurring: { interval: 'month', usage_type: 'metered', meter: starter.meter.id },
    })
  const [cheap, dear] = [await price(10), await price(15)]
  const customer = await customerWithCard(stripe)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: cheap.id }],
  })
  await use(starter, customer.id, '1000', '2026-11-10T09:30:00Z')
  await local.advance('2026-11-20T00:00:00Z')
  const id = subscription.items.data[0]?.id ?? ''
  await stripe.subscriptions.update(subscription.id, { items: [{ id, price: dear.id }] })
  await use(starter, customer.id, '500', '2026-11-20T00:00:00Z')
  await local.advance('2026-12-10T10:31:00Z')
  expect(amounts(await latest(subscription.id))).toEqual([100, 75])
})

test('credit pays metered lines only, the sooner to expire first, is spent at finalization and comes back when voided', async () => {
  const { customer, subscription } = await subscribe()
  const grant = (value: number, expires?: string) =>
    local.stripe.billing.creditGrants.create({
      customer: customer.id,
      amount: { type: 'monetary', monetary: { currency: 'usd', value } },
      applicability_config: { scope: { price_type: 'metered' } },
      category: 'paid',
      ...(expires === undefined ? {} : { expires_at: seconds(expires) }),
    })
  const lasting = await grant(500)
  const expiring = await grant(150, '2026-12-31T00:00:00Z')
  const balance = async () => {
    const { balances } = await local.stripe.billing.creditBalanceSummaries.retrieve({
      customer: customer.id,
      filter: { type: 'applicability_scope', applicability_scope: { price_type: 'metered' } },
    })
    return balances.map(one => [one.ledger_balance.monetary?.value, one.available_balance.monetary?.value])
  }
  await use(starter, customer.id, '200', '2026-11-10T09:30:00Z')
  await local.advance('2026-12-10T09:30:00Z')
  const draft = await latest(subscription.id)
  expect(draft).toMatchObject({ subtotal: 1200, total: 1000 })
  expect(await balance()).toEqual([[650, 650]])
  const invoice = await local.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false })
  expect(invoice).toMatchObject({ subtotal: 1200, total: 1000, amount_due: 1000 })
  const spent = await local.stripe.billing.creditBalanceTransactions.list({ customer: customer.id })
  expect(
    spent.data
      .filter(one => one.type === 'debit')
      .map(one => [one.credit_grant, one.debit?.amount.monetary?.value]),
  ).toEqual([
    [lasting.id, 50],
    [expiring.id, 150],
  ])
  expect(await balance()).toEqual([[450, 450]])
  await local.stripe.invoices.voidInvoice(invoice.id)
  expect(await balance()).toEqual([[650, 650]])
  await local.advance('2026-12-31T00:00:00Z')
  expect(await balance()).toEqual([[500, 500]])
  await expect(local.stripe.billing.creditGrants.voidGrant(lasting.id)).resolves.toMatchObject({
    voided_at: seconds('2026-12-31T00:00:00Z'),
  })
  expect(await balance()).toEqual([[0, 0]])
})

test('a credit note lowers what an open invoice asks for, down to paid, and can be voided while it is open', async () => {
  const customer = await customerWithCard(local.stripe)
  const invoice = await oneOff(customer.id, 900)
  const note = await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 400 })
  expect(note).toMatchObject({
    type: 'pre_payment',
    pre_payment_amount: 400,
    number: `${invoice.number}-CN-01`,
  })
  expect((await local.stripe.invoices.retrieve(invoice.id)).amount_remaining).toBe(500)
  await local.stripe.creditNotes.voidCreditNote(note.id)
  expect((await local.stripe.invoices.retrieve(invoice.id)).amount_remaining).toBe(900)
  await expect(local.stripe.creditNotes.create({ invoice: invoice.id, amount: 901 })).rejects.toMatchObject({
    param: 'amount',
  })
  await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 300 })
  const paid = await local.stripe.invoices.pay(invoice.id)
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 600, amount_remaining: 0 })
  const other = await oneOff(customer.id, 900)
  await local.stripe.creditNotes.create({ invoice: other.id, amount: 900 })
  expect((await local.stripe.invoices.retrieve(other.id)).status).toBe('paid')
})

test('on a paid invoice a credit note says where the money goes, and a refund never exceeds its charge', async () => {
  const customer = await customerWithCard(local.stripe)
  const invoice = await local.stripe.invoices.pay((await oneOff(customer.id, 900)).id)
  const preview = await local.stripe.creditNotes.preview({
    invoice: invoice.id,
    amount: 500,
    credit_amount: 500,
  })
  expect(preview.post_payment_amount).toBe(500)
  await expect(local.stripe.creditNotes.create({ invoice: invoice.id, amount: 500 })).rejects.toMatchObject({
    statusCode: 400,
  })
  const note = await local.stripe.creditNotes.create({
    invoice: invoice.id,
    amount: 500,
    refund_amount: 300,
    credit_amount: 200,
  })
  expect(note.refunds).toMatchObject([{ amount_refunded: 300 }])
  expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -200 })
  const [charge] = (await local.stripe.charges.list({ customer: customer.id })).data
  expect(charge).toMatchObject({ amount_refunded: 300, refunded: false })
  await expect(local.stripe.refunds.create({ charge: charge?.id ?? '', amount: 601 })).rejects.toMatchObject({
    param: 'amount',
  })
  await local.stripe.refunds.create({ charge: charge?.id ?? '' })
  await expect(local.stripe.refunds.create({ charge: charge?.id ?? '' })).rejects.toMatchObject({
    code: 'charge_already_refunded',
  })
})

test('a disputed charge cannot be refunded, and its evidence decides', async () => {
  const customer = await customerWithCard(local.stripe, 'pm_card_createDispute')
  await local.stripe.invoices.pay((await oneOff(customer.id, 900)).id)
  const [dispute] = (await local.stripe.disputes.list()).data
  expect(dispute).toMatchObject({ status: 'needs_response', reason: 'fraudulent', amount: 900 })
  await expect(local.stripe.refunds.create({ charge: String(dispute?.charge) })).rejects.toMatchObject({
    code: 'charge_disputed',
  })
  await local.stripe.disputes.update(dispute?.id ?? '', {
    evidence: { uncategorized_text: 'winning_evidence' },
  })
  expect((await local.stripe.disputes.retrieve(dispute?.id ?? '')).status).toBe('won')
  const types = (await local.stripe.events.list({ limit: 100 })).data.map(event => event.type)
  expect(types).toEqual(
    expect.arrayContaining([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ]),
  )
})

test('a charge can be disputed and decided by hand', async () => {
  const customer = await customerWithCard(local.stripe)
  const invoice = await local.stripe.invoices.pay((await oneOff(customer.id, 900)).id)
  const post = (path: string, body?: unknown) =>
    fetch(`${local.url}/_local/${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) })
  const dispute = await (await post('disputes', { invoice: invoice.id })).json()
  expect(dispute).toMatchObject({ object: 'dispute', status: 'needs_response' })
  const { id } = JSON.parse(JSON.stringify(dispute))
  expect(await (await post(`disputes/${id}/lost`)).json()).toMatchObject({ status: 'lost' })
  expect((await post('disputes', { charge: 'ch_none' })).status).toBe(400)
})

test.each([
  ['leave_past_due', 'past_due'],
  ['mark_unpaid', 'unpaid'],
  ['cancel', 'canceled'],
] as const)('after the last retry %s leaves the subscription %s', async (afterLastRetry, status) => {
  local.engine.settings = { ...local.engine.settings, afterLastRetry, paymentRetryDays: [1, 2] }
  const { customer, subscription } = await subscribe()
  const bad = await local.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
    customer: customer.id,
  })
  await local.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } })
  await local.advance('2026-12-15T00:00:00Z')
  const invoice = await latest(subscription.id)
  expect(invoice).toMatchObject({ status: 'open', attempt_count: 3, next_payment_attempt: null })
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe(status)
  await local.stripe.invoices.pay(invoice.id, { payment_method: 'pm_card_visa' })
  const after = (await local.stripe.subscriptions.retrieve(subscription.id)).status
  expect(after).toBe(status === 'canceled' ? 'canceled' : 'active')
})

test('automatic tax follows the country of the customer, each line rounded on its own', async () => {
  local.engine.settings = { ...local.engine.settings, taxPercentByCountry: { DE: 19 } }
  const customer = await customerWithCard(local.stripe)
  const create = () =>
    local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: starter.flat.id }],
      automatic_tax: { enabled: true },
      expand: ['latest_invoice'],
    })
  await expect(create()).rejects.toMatchObject({ code: 'customer_tax_location_invalid' })
  await local.stripe.customers.update(customer.id, { address: { country: 'DE' } })
  expect((await create()).latest_invoice).toMatchObject({
    subtotal: 1000,
    total: 1190,
    total_excluding_tax: 1000,
    total_taxes: [{ amount: 190, taxable_amount: 1000, taxability_reason: 'standard_rated' }],
  })
  await local.stripe.customers.update(customer.id, { tax_exempt: 'reverse' })
  expect((await create()).latest_invoice).toMatchObject({ total: 1000, total_taxes: [{ amount: 0 }] })
})

test('a repeating coupon lowers as many months as it says', async () => {
  const customer = await customerWithCard(local.stripe)
  const coupon = await local.stripe.coupons.create({
    percent_off: 12.5,
    duration: 'repeating',
    duration_in_months: 2,
  })
  const { id } = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: starter.flat.id }],
    discounts: [{ coupon: coupon.id }],
  })
  await local.stripe.coupons.del(coupon.id)
  await local.advance('2027-02-10T10:31:00Z')
  const invoices = (await local.stripe.invoices.list({ subscription: id })).data
  expect(invoices.map(invoice => invoice.total).reverse()).toEqual([875, 875, 1000, 1000])
})
