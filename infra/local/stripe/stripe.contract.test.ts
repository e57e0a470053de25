import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually, localOnly, ON_STRIPE, openTarget, type Target } from './testing/contract-target.ts'

// Stripe's sandbox aggregates usage and collects in its own time.
vi.setConfig({ testTimeout: ON_STRIPE ? 300_000 : 10_000, hookTimeout: 60_000 })

const RUN = randomUUID().slice(0, 8)
let target: Target
let stripe: Stripe
let meter: Stripe.Billing.Meter
let product: Stripe.Product
let flat: Stripe.Price
let usage: Stripe.Price
const customers: string[] = []

beforeAll(async () => {
  target = await openTarget()
  stripe = target.stripe
  product = await stripe.products.create({ name: `Contract ${RUN}`, unit_label: 'unit' })
  meter = await stripe.billing.meters.create({
    display_name: `Contract ${RUN}`,
    event_name: `contract_${RUN}`,
    default_aggregation: { formula: 'sum' },
  })
  flat = await stripe.prices.create({
    currency: 'usd',
    product: product.id,
    unit_amount: 1000,
    recurring: { interval: 'month' },
  })
  usage = await stripe.prices.create({
    currency: 'usd',
    product: product.id,
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 10, unit_amount: 0 },
      { up_to: 'inf', unit_amount_decimal: Stripe.Decimal.from('7.5') },
    ],
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
})

afterAll(async () => {
  for (const id of customers) await stripe.customers.del(id)
  for (const price of [flat, usage]) await stripe.prices.update(price.id, { active: false })
  await stripe.products.update(product.id, { active: false })
  await stripe.billing.meters.deactivate(meter.id)
  await target.stop()
})

async function customerWithCard(card = 'pm_card_visa'): Promise<string> {
  const { id } = await stripe.customers.create({ email: `contract-${RUN}@example.com` })
  customers.push(id)
  const method = await stripe.paymentMethods.attach(card, { customer: id })
  await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } })
  return id
}

const subscribe = (customer: string, prices: readonly string[]) =>
  stripe.subscriptions.create({
    customer,
    items: prices.map(price => ({ price })),
    billing_mode: { type: 'flexible' },
  })

function use(customer: string, value: number, timestamp: number, identifier: string = randomUUID()) {
  return stripe.billing.meterEvents.create({
    event_name: meter.event_name,
    payload: { stripe_customer_id: customer, value: String(value) },
    timestamp,
    identifier,
  })
}

/** What Stripe's summary shows of a customer around now. */
async function summed(customer: string): Promise<number> {
  const minute = Math.floor(target.now() / 60) * 60
  const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer,
    start_time: minute - 3600,
    end_time: minute + 3600,
  })
  return data.reduce((sum, row) => sum + row.aggregated_value, 0)
}

const amounts = (invoice: Stripe.Invoice) => invoice.lines.data.map(line => line.amount)

describe('what only Stripe can answer', () => {
  test.each([
    ['2.5', 1, 3],
    ['0.5', 1, 1],
    ['3.5', 3, 11],
    ['-2.5', 1, -3],
  ])('half-cent ties: %s × %i is %i', async (unit, quantity, amount) => {
    const customer = await customerWithCard()
    const item = await stripe.invoiceItems.create({
      customer,
      currency: 'usd',
      quantity,
      unit_amount_decimal: Stripe.Decimal.from(unit),
    })
    expect(item.amount).toBe(amount)
  })

  test('half-cent ties: a tier line of 7.5 cents is 8 cents', async () => {
    const customer = await customerWithCard()
    const { id } = await subscribe(customer, [usage.id])
    await use(customer, 11, target.now())
    await eventually(
      target,
      () => summed(customer),
      sum => sum === 11,
    )
    const ended = await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: false })
    const invoice = await stripe.invoices.retrieve(String(ended.latest_invoice))
    expect(amounts(invoice)).toEqual([0, 8])
  })

  test('an empty period still makes a final invoice, with a line of quantity 0', async () => {
    const customer = await customerWithCard()
    const { id } = await subscribe(customer, [usage.id])
    await target.pass(2)
    const ended = await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: false })
    expect(ended.latest_invoice).not.toBeNull()
    const invoice = await stripe.invoices.retrieve(String(ended.latest_invoice))
    expect(invoice.lines.data.map(line => [line.quantity, line.amount])).toEqual([[0, 0]])
  })

  test('an incomplete upgrade waits for its payment and leaves the old subscription alone', async () => {
    const customer = await customerWithCard()
    const old = await subscribe(customer, [usage.id])
    const next = await stripe.subscriptions.create({
      customer,
      items: [{ price: flat.id }, { price: usage.id }],
      payment_behavior: 'default_incomplete',
      billing_mode: { type: 'flexible' },
      expand: ['latest_invoice'],
    })
    expect(next).toMatchObject({ status: 'incomplete', latest_invoice: { status: 'open', amount_due: 1000 } })
    expect((await stripe.subscriptions.retrieve(old.id)).status).toBe('active')
    const invoice = typeof next.latest_invoice === 'object' ? (next.latest_invoice?.id ?? '') : ''
    await stripe.invoices.pay(invoice)
    const paid = await eventually(
      target,
      () => stripe.subscriptions.retrieve(next.id),
      subscription => subscription.status === 'active',
    )
    expect(paid.status).toBe('active')
  })

  test('an incomplete upgrade that is cancelled voids its invoice', async () => {
    const customer = await customerWithCard()
    const next = await stripe.subscriptions.create({
      customer,
      items: [{ price: flat.id }],
      payment_behavior: 'default_incomplete',
      billing_mode: { type: 'flexible' },
    })
    const ended = await stripe.subscriptions.cancel(next.id)
    expect(['canceled', 'incomplete_expired']).toContain(ended.status)
    expect((await stripe.invoices.retrieve(String(next.latest_invoice))).status).toBe('void')
  })

  test('a draft’s metered lines are refreshed when it is finalized', async () => {
    const customer = await customerWithCard()
    const { id } = await subscribe(customer, [usage.id])
    const inside = target.now()
    await target.pass(5)
    const ended = await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: false })
    const draft = await stripe.invoices.retrieve(String(ended.latest_invoice))
    expect(draft.status).toBe('draft')
    await use(customer, 12, inside)
    await eventually(
      target,
      () => summed(customer),
      sum => sum === 12,
    )
    const final = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false })
    expect(amounts(final)).toEqual([0, 15])
  })

  test('an invoice that was finalized and held is collected once auto_advance is set', async () => {
    const customer = await customerWithCard()
    const draft = await stripe.invoices.create({ customer, auto_advance: false })
    await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 900, currency: 'usd' })
    const held = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false })
    expect(held).toMatchObject({ status: 'open', attempted: false, auto_advance: false })
    await stripe.invoices.update(draft.id, { auto_advance: true })
    const collected = await eventually(
      target,
      () => stripe.invoices.retrieve(draft.id),
      invoice => invoice.status === 'paid',
    )
    expect(collected).toMatchObject({ status: 'paid', attempt_count: 1 })
  })
})

describe('what is documented', () => {
  test('a repeated identifier is 400 and says that it exists', async () => {
    const customer = await customerWithCard()
    const identifier = randomUUID()
    await use(customer, 1, target.now(), identifier)
    await expect(use(customer, 1, target.now(), identifier)).rejects.toMatchObject({
      statusCode: 400,
      message: `An event already exists with identifier ${identifier}.`,
    })
  })

  test('a timestamp of more than 35 days ago, or of more than five minutes ahead, is 400', async () => {
    const customer = await customerWithCard()
    await expect(use(customer, 1, target.now() - 36 * 86_400)).rejects.toMatchObject({ statusCode: 400 })
    await expect(use(customer, 1, target.now() + 600)).rejects.toMatchObject({ statusCode: 400 })
  })

  test('a lookup key belongs to one price and moves only when asked to', async () => {
    const lookup = `contract_${RUN}`
    const price = { currency: 'usd', product: product.id, unit_amount: 1, lookup_key: lookup }
    const first = await stripe.prices.create(price)
    await expect(stripe.prices.create(price)).rejects.toMatchObject({ statusCode: 400 })
    const second = await stripe.prices.create({ ...price, transfer_lookup_key: true })
    expect((await stripe.prices.list({ lookup_keys: [lookup] })).data.map(one => one.id)).toEqual([second.id])
    for (const { id } of [first, second]) await stripe.prices.update(id, { active: false })
  })

  test('an unknown parameter, a missing object and a wrong key are refused in Stripe’s shape', async () => {
    await expect(stripe.rawRequest('POST', '/v1/customers', { colour: 'red' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'parameter_unknown',
      param: 'colour',
    })
    await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
    })
    await expect(stripe.rawRequest('GET', '/v1/nothing_at_all')).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('Unrecognized request URL (GET: /v1/nothing_at_all)'),
    })
  })

  test('a POST under a known key is answered again, and refused with other parameters', async () => {
    const options = { idempotencyKey: randomUUID() }
    const first = await stripe.customers.create({ name: 'One' }, options)
    customers.push(first.id)
    expect((await stripe.customers.create({ name: 'One' }, options)).id).toBe(first.id)
    await expect(stripe.customers.create({ name: 'Two' }, options)).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    })
  })

  test('metered prices alone start an active subscription without an invoice', async () => {
    const subscription = await subscribe(await customerWithCard(), [usage.id])
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null })
  })

  test('a card that fails its charge leaves the subscription incomplete', async () => {
    const subscription = await subscribe(await customerWithCard('pm_card_chargeCustomerFail'), [flat.id])
    expect(subscription.status).toBe('incomplete')
    await expect(stripe.invoices.pay(String(subscription.latest_invoice))).rejects.toMatchObject({
      statusCode: 402,
      code: 'card_declined',
    })
  })

  test('a credit note lowers an open invoice, and a refund goes back to a paid one', async () => {
    const customer = await customerWithCard()
    const draft = await stripe.invoices.create({ customer })
    await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 900, currency: 'usd' })
    await stripe.invoices.finalizeInvoice(draft.id)
    await stripe.creditNotes.create({ invoice: draft.id, amount: 400 })
    expect((await stripe.invoices.retrieve(draft.id)).amount_remaining).toBe(500)
    await stripe.invoices.pay(draft.id)
    const note = await stripe.creditNotes.create({ invoice: draft.id, amount: 200, refund_amount: 200 })
    expect(note).toMatchObject({ type: 'post_payment', post_payment_amount: 200 })
  })

  test('a schedule made from a subscription has its items and its period', async () => {
    const subscription = await subscribe(await customerWithCard(), [flat.id, usage.id])
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const [phase] = schedule.phases
    expect(schedule).toMatchObject({ status: 'active', end_behavior: 'release' })
    expect(phase?.items.map(item => item.price).sort()).toEqual([flat.id, usage.id].sort())
    expect(phase?.end_date).toBe(subscription.items.data[0]?.current_period_end)
    expect((await stripe.subscriptionSchedules.release(schedule.id)).status).toBe('released')
  })
})

localOnly('a period has to end')(
  'a renewal bills the usage of the ended period and the flat fee of the next',
  async () => {
    const customer = await customerWithCard()
    const subscription = await subscribe(customer, [flat.id, usage.id])
    await use(customer, 20, target.now())
    await target.pass(32 * 86_400)
    const [invoice] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data
    expect(invoice === undefined ? [] : amounts(invoice)).toEqual([1000, 0, 75])
  },
)

localOnly('23 hours have to pass')('a first invoice that stays unpaid ends its subscription', async () => {
  const subscription = await stripe.subscriptions.create({
    customer: await customerWithCard(),
    items: [{ price: flat.id }],
    payment_behavior: 'default_incomplete',
  })
  await target.pass(23 * 3600)
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired')
})
