import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  parseInstant as at,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  plusMs,
  SECOND_MS,
  toUnixSeconds,
} from '#kernel/time'
import type { InvoiceView } from '../../billing/stripe/views.ts'
import { checkoutOf, payOnPage, type Sold, sell, startWire, subscribe, type Wire } from './stripe-wire.ts'

/** Billing's ports on Stripe, except prices: what Stripe then holds, what is read back, and what a repetition does. */
let wire: Wire
let sold: Sold
const START = at('2026-11-10T09:30:17Z')
const MONTH_LATER = at('2026-12-10T09:30:17Z')

beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:17Z')
  sold = await sell(wire)
})
afterEach(() => wire.stop())

const advanceTo = (instant: number) => wire.clock.advanceTo(instant)
const newCustomer = () => wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })

/** The draft that the end of the first month makes. */
async function renewal(subscriptionId: string): Promise<InvoiceView> {
  await advanceTo(plusMs(MONTH_LATER, 10 * SECOND_MS))
  const [newest] = await wire.adapter.listInvoices({ subscriptionId })
  if (newest?.status !== 'draft') throw new Error('the month ended without a draft')
  return newest
}

describe('customers', () => {
  test('an account has one customer, that names it and has its newest e-mail address', async () => {
    const id = await newCustomer()
    expect(await wire.stripe.customers.retrieve(id)).toMatchObject({
      ...{ email: 'ada@example.com', metadata: { accountId: 'acct_1' } },
    })
    const again = await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'new@example.com' })
    expect(again).toBe(id)
    expect(wire.engine.state.customers.size).toBe(1)
    expect(await wire.stripe.customers.retrieve(id)).toMatchObject({ email: 'new@example.com' })
    expect(await wire.adapter.createCustomer({ accountId: 'acct_2', email: 'ada@example.com' })).not.toBe(id)
  })

  test('the billing portal opens for a customer and leads back', async () => {
    const url = await wire.adapter.createPortalSession({
      ...{ customerId: await newCustomer(), returnUrl: 'https://shop.example/billing' },
    })
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('https://shop.example/billing')
  })
})

describe('checkout', () => {
  test('a session sells one flat fee and unlimited usage to one customer, and says for whom', async () => {
    const customerId = await newCustomer()
    const request = checkoutOf(wire, sold, customerId)
    const session = await wire.adapter.createSession(request)
    expect(session).toEqual({
      ...{ id: expect.stringMatching(/^cs_/), status: 'open', subscriptionId: null, accountId: 'acct_1' },
      url: expect.stringContaining(wire.url),
    })
    const held = await wire.stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] })
    const metadata = { accountId: 'acct_1', planVersionId: 'starter@1' }
    expect(held).toMatchObject({
      ...{ mode: 'subscription', customer: customerId, client_reference_id: 'acct_1', metadata },
      ...{ success_url: request.successUrl, cancel_url: request.cancelUrl },
      expires_at: toUnixSeconds(request.expiresAt),
    })
    expect(held.line_items?.data.map(({ price, quantity }) => [price?.id, quantity])).toEqual([
      [sold.flatPriceId, 1],
      [sold.meteredPriceId, null],
    ])
  })

  test('one idempotency key makes one session, and a session of its own for another key', async () => {
    const request = checkoutOf(wire, sold, await newCustomer())
    const session = await wire.adapter.createSession(request)
    expect(await wire.adapter.createSession(request)).toEqual(session)
    expect(wire.engine.state.checkoutSessions.size).toBe(1)
    await expect(
      wire.adapter.createSession({ ...request, cancelUrl: 'https://shop.example/other' }),
    ).rejects.toMatchObject({ name: 'StripeRefused' })
    const other = await wire.adapter.createSession({ ...request, idempotencyKey: 'checkout-other' })
    expect(other.id).not.toBe(session.id)
  })

  test('a paid session names its subscription, which is read with account, plan, prices and period', async () => {
    const { customerId, sessionId, subscription } = await subscribe(wire, sold)
    expect(await wire.adapter.getSession(sessionId)).toEqual({
      ...{ id: sessionId, status: 'complete', url: null, subscriptionId: subscription.id },
      accountId: 'acct_1',
    })
    expect(subscription).toEqual({
      ...{ id: expect.stringMatching(/^sub_/), status: 'active', customerId },
      ...{ accountId: 'acct_1', planVersionId: 'starter@1' },
      priceIds: [sold.flatPriceId, sold.meteredPriceId],
      currentPeriod: { start: START, end: MONTH_LATER },
      ...{ endedAt: null, cancelsAt: null, scheduleId: null, claim: null },
      latestInvoiceId: expect.stringMatching(/^in_/),
      paymentMethodId: expect.stringMatching(/^pm_/),
    })
    expect((await wire.stripe.subscriptions.retrieve(subscription.id)).billing_mode.type).toBe('flexible')
  })

  test('a session that was expired sells nothing and cannot be expired again', async () => {
    const { id, url } = await wire.adapter.createSession(checkoutOf(wire, sold, await newCustomer()))
    const expired = { id, status: 'expired', url: null, subscriptionId: null, accountId: 'acct_1' }
    expect(await wire.adapter.expireSession(id)).toEqual(expired)
    expect(await wire.adapter.getSession(id)).toEqual(expired)
    expect((await payOnPage(url)).status).toBe(410)
    await expect(wire.adapter.expireSession(id)).rejects.toMatchObject({ name: 'StripeRefused' })
  })

  test('a card that is declined leaves the session open for the next one', async () => {
    const { id, url } = await wire.adapter.createSession(checkoutOf(wire, sold, await newCustomer()))
    expect((await payOnPage(url, '4000000000000002')).status).toBe(402)
    expect(await wire.adapter.getSession(id)).toMatchObject({ status: 'open', url })
    await payOnPage(url)
    expect(await wire.adapter.getSession(id)).toMatchObject({ status: 'complete' })
  })
})

test('a subscription of somebody else has no account, and a cancelled one says so', async () => {
  const customer = await newCustomer()
  const method = await wire.stripe.paymentMethods.attach('pm_card_visa', { customer })
  const { id } = await wire.stripe.subscriptions.create({
    ...{ customer, items: [{ price: sold.flatPriceId }], default_payment_method: method.id },
  })
  expect(await wire.adapter.getSubscription(id)).toMatchObject({
    ...{ status: 'active', accountId: null, planVersionId: null, priceIds: [sold.flatPriceId] },
  })
  await wire.stripe.subscriptions.cancel(id)
  expect(await wire.adapter.getSubscription(id)).toMatchObject({ status: 'canceled' })
})

describe('invoices', () => {
  test('a first invoice is read with all that billing shows of it', async () => {
    const { customerId, subscription } = await subscribe(wire, sold)
    const [listed] = await wire.adapter.listInvoices({ customerId })
    const invoice = await wire.adapter.getInvoice(listed?.id ?? '')
    expect(invoice).toEqual(listed)
    expect(invoice).toMatchObject({
      ...{ status: 'paid', customerId, subscriptionId: subscription.id, currency: 'usd', totalMinor: 2900n },
      ...{ billingReason: 'subscription_create', createdAt: START, automaticallyFinalizesAt: null },
      ...{ number: expect.stringMatching(/-0001$/), hostedUrl: expect.stringContaining(wire.url) },
      pdfUrl: expect.stringContaining(wire.url),
    })
    expect(invoice.lines.find(({ priceId }) => priceId === sold.flatPriceId)).toEqual({
      ...{ id: expect.stringMatching(/^il_/), priceId: sold.flatPriceId, proration: false },
      ...{ quantity: 1, amountMinor: 2900n, unitPriceMinor: '2900', reducedMinor: 0n },
      ...{ period: { start: START, end: MONTH_LATER }, description: expect.stringContaining('Starter') },
    })
  })

  test('invoices are listed newest first, by customer or by subscription, and of nobody else', async () => {
    const { customerId, subscription } = await subscribe(wire, sold)
    const draft = await renewal(subscription.id)
    await wire.stripe.invoices.create({ customer: customerId, auto_advance: false })
    const other = await wire.adapter.createCustomer({ accountId: 'acct_2', email: 'eve@example.com' })
    const reasons = (of: { customerId?: string; subscriptionId?: string }) =>
      wire.adapter.listInvoices(of).then(found => found.map(({ billingReason }) => billingReason))
    const both = ['subscription_cycle', 'subscription_create']
    expect(await reasons({ customerId })).toEqual(['manual', ...both])
    expect(await reasons({ subscriptionId: subscription.id })).toEqual(both)
    expect(await reasons({ customerId: other })).toEqual([])
    expect(draft.period).toEqual({ start: START, end: MONTH_LATER })
    expect(draft.createdAt).toBe(MONTH_LATER)
  })

  test('a postponed draft stays one until the moment that was set, and no longer', async () => {
    const { subscription } = await subscribe(wire, sold)
    const { id, automaticallyFinalizesAt } = await renewal(subscription.id)
    expect(automaticallyFinalizesAt).toBe(plusMs(MONTH_LATER, HOUR_MS))
    const until = plusMs(MONTH_LATER, 3 * DAY_MS)
    await wire.adapter.postponeFinalization(id, until)
    await wire.adapter.postponeFinalization(id, until)
    expect((await wire.adapter.getInvoice(id)).automaticallyFinalizesAt).toBe(until)
    await advanceTo(plusMs(until, -SECOND_MS))
    expect((await wire.adapter.getInvoice(id)).status).toBe('draft')
    await advanceTo(plusMs(until, MINUTE_MS))
    expect((await wire.adapter.getInvoice(id)).status).toBe('paid')
  })

  test('finalizing numbers the invoice and charges nobody; the same call again finds it as it is', async () => {
    const { subscription } = await subscribe(wire, sold)
    const { id } = await renewal(subscription.id)
    const finalized = await wire.adapter.finalizeInvoice(id)
    expect(finalized).toMatchObject({
      id,
      status: 'open',
      autoAdvance: false,
      automaticallyFinalizesAt: null,
    })
    expect(finalized.number).toMatch(/-0002$/)
    expect(await wire.adapter.finalizeInvoice(id)).toEqual(finalized)
    await advanceTo(plusMs(MONTH_LATER, 10 * DAY_MS))
    expect(await wire.adapter.getInvoice(id)).toMatchObject({ status: 'open', number: finalized.number })
  })

  test('a finalized invoice is charged once it is to be collected, once', async () => {
    const { customerId, subscription } = await subscribe(wire, sold)
    const { id } = await renewal(subscription.id)
    await wire.adapter.finalizeInvoice(id)
    await wire.adapter.collectInvoice(id)
    await wire.adapter.collectInvoice(id)
    await wire.advanceBy(60)
    expect(await wire.adapter.getInvoice(id)).toMatchObject({ status: 'paid' })
    const charges = await wire.stripe.charges.list({ customer: customerId })
    expect(charges.data.map(({ amount }) => amount)).toEqual([2900, 2900])
  })

  test('a card that is declined leaves the collected invoice open and the subscription past due', async () => {
    const { subscription } = await subscribe(wire, sold, '4000000000000341')
    const { id } = await renewal(subscription.id)
    await wire.adapter.finalizeInvoice(id)
    await wire.adapter.collectInvoice(id)
    await wire.advanceBy(60)
    expect(await wire.adapter.getInvoice(id)).toMatchObject({ status: 'open', autoAdvance: true })
    expect(await wire.adapter.getSubscription(subscription.id)).toMatchObject({ status: 'past_due' })
  })

  test('an invoice is read with every line, also beyond a hundred; a list has the first ten of each', async () => {
    const customer = await newCustomer()
    const { id } = await wire.stripe.invoices.create({ customer, auto_advance: false })
    for (let i = 1; i <= 105; i++)
      await wire.stripe.invoiceItems.create({ customer, invoice: id, amount: i, currency: 'usd' })
    wire.calls.length = 0
    const whole = await wire.adapter.getInvoice(id)
    expect(wire.calls).toEqual([
      'GET /v1/invoices/:id',
      'GET /v1/invoices/:id/lines',
      'GET /v1/invoices/:id/lines',
    ])
    expect(whole.lines).toHaveLength(105)
    expect(new Set(whole.lines.map(line => line.amountMinor)).size).toBe(105)
    expect(whole).toMatchObject({ subscriptionId: null, totalMinor: 5565n })
    expect((await wire.adapter.listInvoices({ customerId: customer }))[0]?.lines).toHaveLength(10)
    expect((await wire.adapter.finalizeInvoice(id)).lines).toHaveLength(105)
  })
})

describe('usage', () => {
  const HOUR = { start: at('2026-11-10T09:00:00Z'), end: at('2026-11-10T10:00:00Z') }
  const usageOf = (customerId: string, change: object = {}) => ({
    ...{ eventName: sold.eventName, customerId, units: 25_000, identifier: 'seg-1' },
    stampAt: at('2026-11-10T09:30:00.999Z'),
    ...change,
  })
  const summary = (customerId: string, window = HOUR) =>
    wire.adapter.readUsage({ meterId: sold.meterId, customerId, window })
  const received = (customerId: string) =>
    wire.engine.state.usage
      .get(`${sold.meterId}/${customerId}`)
      ?.map(({ value, timestamp }) => [value, timestamp])

  test('usage arrives with customer, amount and the second that it is stamped with', async () => {
    const customerId = await newCustomer()
    await wire.adapter.sendUsage(usageOf(customerId))
    expect(received(customerId)).toEqual([['25000', at('2026-11-10T09:30:00Z') / 1000]])
  })

  test('usage sent twice under one identifier counts once, and the repetition is delivered', async () => {
    const customerId = await newCustomer()
    await wire.adapter.sendUsage(usageOf(customerId))
    await expect(wire.adapter.sendUsage(usageOf(customerId))).resolves.toBeUndefined()
    await wire.advanceBy(23 * 3_600)
    await expect(wire.adapter.sendUsage(usageOf(customerId))).resolves.toBeUndefined()
    await wire.adapter.sendUsage(usageOf(customerId, { identifier: 'seg-2', units: -7 }))
    await wire.advanceBy(10)
    expect(await summary(customerId)).toBe(24_993)
  })

  test('a summary lags behind, is of one customer, and takes the first second of its window and not the last', async () => {
    const [customerId, other] = [await newCustomer(), 'acct_2']
    const stamp = (instant: string, units: number) =>
      wire.adapter.sendUsage(usageOf(customerId, { identifier: instant, units, stampAt: at(instant) }))
    await stamp('2026-11-10T08:59:59Z', 1)
    await stamp('2026-11-10T09:00:00Z', 10)
    await stamp('2026-11-10T09:29:59Z', 100)
    expect(await summary(customerId)).toBe(0)
    await wire.advanceBy(10)
    expect(await summary(customerId)).toBe(110)
    expect(await summary(customerId, { start: HOUR.start, end: at('2026-11-10T09:29:00Z') })).toBe(10)
    const nobody = await wire.adapter.createCustomer({ accountId: other, email: 'eve@example.com' })
    expect(await summary(nobody)).toBe(0)
  })

  test('a window that is not of whole minutes is refused, not rounded', async () => {
    const customerId = await newCustomer()
    await expect(summary(customerId, { ...HOUR, start: START })).rejects.toMatchObject({
      name: 'StripeRefused',
    })
    await expect(summary(customerId, { ...HOUR, end: START })).rejects.toMatchObject({
      name: 'StripeRefused',
    })
  })
})
