import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plusMs, SECOND_MS } from '#kernel/time'
import { compareLines, planCredit } from '../../billing/workflows/close-invoice/compare-lines.ts'
import { type Sold, sell, startWire, type Wire } from './stripe-wire.ts'

/** What a close writes at Stripe: credit notes on open and on paid invoices, and invoices of their own. */
let wire: Wire
let sold: Sold
beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:17Z')
  sold = await sell(wire)
})
afterEach(() => wire.stop())

/** A customer with a card, where tax is 20 % on top, on the plan without Checkout. */
async function subscribeTo({ automaticTax }: { automaticTax: boolean }) {
  wire.engine.settings = { ...wire.engine.settings, taxPercentByCountry: { DE: 20 } }
  const customerId = await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
  await wire.stripe.customers.update(customerId, { address: { country: 'DE' } })
  const card = await wire.stripe.paymentMethods.attach('pm_card_visa', { customer: customerId })
  const subscription = await wire.adapter.createSubscription({
    ...{ accountId: 'acct_1', customerId, paymentMethodId: card.id, claim: 'claim_1', couponIds: [] },
    ...{ planVersionId: sold.planVersionId, flatPriceId: sold.flatPriceId },
    ...{ meteredPriceId: sold.meteredPriceId, automaticTax },
  })
  await wire.adapter.payInvoice(subscription.latestInvoiceId ?? '')
  return { customerId, subscription }
}

/** A finalized invoice of a month with 10,000 units for 1,500, and the fee of 2,900. */
async function finalized({ tax = false, percentOff = 0, balanceMinor = 0 } = {}) {
  const { customerId, subscription } = await subscribeTo({ automaticTax: tax })
  if (percentOff > 0) {
    const terms = { percentOff, amountOffMinor: null, duration: 'forever', months: null } as const
    await wire.adapter.ensureCoupon({ id: 'half', name: 'Half', currency: 'usd', ...terms })
    await wire.adapter.setDiscounts(subscription.id, [{ coupon: 'half' }])
  }
  const balance = { amount: -balanceMinor, currency: 'usd' }
  if (balanceMinor > 0) await wire.stripe.customers.createBalanceTransaction(customerId, balance)
  await wire.adapter.sendUsage({
    ...{ eventName: sold.eventName, customerId, units: 10_000, identifier: 'use-1' },
    stampAt: plusMs(wire.now(), 60 * SECOND_MS),
  })
  await wire.clock.advanceTo(plusMs(subscription.currentPeriod.end, 10 * SECOND_MS))
  const [draft] = await wire.adapter.listInvoices({ subscriptionId: subscription.id })
  const invoice = await wire.adapter.finalizeInvoice(draft?.id ?? '')
  const line = invoice.lines.find(({ priceId }) => priceId === sold.meteredPriceId)
  if (!line) throw new Error('the invoice has no usage')
  const invoiceId = invoice.id
  return {
    ...{ invoiceId, customerId, line },
    remaining: async () => (await wire.adapter.getInvoice(invoiceId)).settlement.remainingMinor,
    notes: () => wire.adapter.listCreditNotes(invoiceId),
    /** Credits 500 of the usage, before discounts and tax, as a close plans it. */
    async credit() {
      const { settlement } = await wire.adapter.getInvoice(invoiceId)
      const statement = {
        kind: 'tier',
        description: '',
        unitPriceMinor: '0.15',
        period: line.period,
      } as const
      const said = { ...statement, quantity: line.quantity, amountMinor: String(line.amountMinor) }
      const owed = { ...statement, quantity: 6_667, amountMinor: String(line.amountMinor - 500n) }
      const stripe = [{ id: line.id, reducedMinor: line.reducedMinor, line: said }]
      const plan = planCredit(compareLines(stripe, [owed]))
      await wire.adapter.creditLines({
        ...{ invoiceId, lines: plan?.lines ?? [], memo: 'Too much', planId: 'plan-1' },
        ...{ remainingMinor: settlement.remainingMinor, idempotencyKey: 'credit-1' },
      })
    },
    async collect() {
      await wire.adapter.collectInvoice(invoiceId)
      await wire.advanceBy(10)
    },
  }
}

describe.each([
  ['as it is', {}, 500n, 4_400n],
  ['with tax', { tax: true }, 600n, 5_280n],
  ['at half the price', { percentOff: 50 }, 250n, 2_200n],
  ['with tax, at half the price', { tax: true, percentOff: 50 }, 300n, 2_640n],
])('what was billed too much, %s,', (_, how, creditMinor, totalMinor) => {
  test('lowers what is left to be paid of an open invoice', async () => {
    const { credit, collect, notes, remaining } = await finalized(how)
    expect(await remaining()).toBe(totalMinor)
    await credit()
    expect(await remaining()).toBe(totalMinor - creditMinor)
    const note = { planId: 'plan-1', amountMinor: String(creditMinor), toBalanceMinor: '0', isVoid: false }
    expect(await notes()).toMatchObject([note])
    await collect()
    const [charge] = (await wire.stripe.charges.list()).data
    expect(charge?.amount).toBe(Number(totalMinor - creditMinor))
  })

  test('goes to the balance of who has paid, once', async () => {
    const { credit, collect, customerId, notes } = await finalized(how)
    await collect()
    await credit()
    await credit()
    expect(await notes()).toMatchObject([
      { amountMinor: String(creditMinor), toBalanceMinor: String(creditMinor), refundedMinor: '0' },
    ])
    expect(await wire.stripe.customers.retrieve(customerId)).toMatchObject({ balance: -Number(creditMinor) })
  })
})

test('what was paid out of the balance goes back there, the rest is not asked for', async () => {
  const { credit, customerId, notes, remaining } = await finalized({ balanceMinor: 4_100 })
  expect(await remaining()).toBe(300n)
  await credit()
  expect(await remaining()).toBe(0n)
  expect(await notes()).toMatchObject([{ amountMinor: '500', toBalanceMinor: '200' }])
  expect(await wire.stripe.customers.retrieve(customerId)).toMatchObject({ balance: -200 })
})

test('a draft cannot be credited, and that is a refusal', async () => {
  const { customerId } = await finalized()
  const draft = { customerId, accountId: 'acct_1', currency: 'usd', name: 'r-1', paymentMethodId: null }
  const invoiceId = await wire.adapter.createOneOffInvoice(draft)
  const credit = wire.adapter.creditLines({
    ...{ invoiceId, lines: [{ lineId: 'il_0', amountMinor: 5n }], memo: '', planId: 'p' },
    ...{ remainingMinor: 0n, idempotencyKey: 'c-1' },
  })
  await expect(credit).rejects.toMatchObject({ name: 'StripeRefused' })
})

describe('an invoice of its own', () => {
  async function alone(automaticTax: boolean) {
    const { customerId, subscription } = await subscribeTo({ automaticTax: false })
    const { paymentMethodId, currentPeriod } = subscription
    const request = { customerId, accountId: 'acct_1', currency: 'usd', name: 'remainder-1', automaticTax }
    const item = {
      ...{ customerId, name: 'remainder-1', description: '1,000 further checks', amountMinor: '150' },
      ...{ currency: 'usd', period: currentPeriod },
    }
    const ids = new Set<string>()
    for (const _ of [1, 2]) {
      const invoiceId = await wire.adapter.createOneOffInvoice({ ...request, paymentMethodId })
      await wire.adapter.addOneOffItem({ ...item, invoiceId })
      ids.add(invoiceId)
    }
    const [invoiceId = ''] = ids
    return { ids, invoiceId, period: currentPeriod }
  }

  test('is made once, has one line, waits as a draft until it is finalized, and is paid by the subscription’s card', async () => {
    const { ids, invoiceId, period } = await alone(false)
    expect(ids.size).toBe(1)
    await wire.advanceBy(7_200)
    expect(await wire.adapter.getInvoice(invoiceId)).toMatchObject({
      ...{ status: 'draft', subscriptionId: null, billingReason: 'manual', totalMinor: 150n },
      lines: [{ amountMinor: 150n, description: '1,000 further checks', period, priceId: null }],
    })
    await wire.adapter.finalizeInvoice(invoiceId)
    await wire.adapter.collectInvoice(invoiceId)
    await wire.advanceBy(10)
    expect((await wire.adapter.getInvoice(invoiceId)).status).toBe('paid')
  })

  test('has tax on it where the deployment has tax computed', async () => {
    const { invoiceId } = await alone(true)
    const { settlement, totalMinor } = await wire.adapter.finalizeInvoice(invoiceId)
    expect([settlement.subtotalMinor, settlement.taxMinor, totalMinor]).toEqual([150n, 30n, 180n])
  })

  test('is made without the card that the customer has taken away', async () => {
    const { customerId, subscription } = await subscribeTo({ automaticTax: false })
    const { paymentMethodId } = subscription
    wire.strike('POST /v1/invoices', { kind: 'fail', status: 400, code: 'resource_missing' })
    const request = { customerId, accountId: 'acct_1', currency: 'usd', name: 'remainder-1' }
    const invoiceId = await wire.adapter.createOneOffInvoice({ ...request, paymentMethodId })
    expect((await wire.stripe.invoices.retrieve(invoiceId)).default_payment_method).toBeNull()
    expect(wire.engine.state.invoices.size).toBe(2)
  })
})
