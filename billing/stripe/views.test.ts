import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { parseInstant as at } from '#kernel/time'
import { parseCheckoutSession, parseInvoice, parseInvoiceLine, parseSubscription } from './views.ts'

const START = at('2026-11-10T09:30:00Z')
const END = at('2026-12-10T09:30:00Z')
const [start, end] = [START / 1000, END / 1000]

const item = (id: string, usage_type: string | undefined, period = { start, end }) => ({
  ...{ current_period_start: period.start, current_period_end: period.end },
  price: { id, recurring: usage_type === undefined ? null : { usage_type } },
})
const subscription = (change: object = {}) => ({
  ...{ id: 'sub_1', status: 'active', customer: 'cus_1' },
  metadata: { accountId: 'acct_1', planVersionId: 'starter@1' },
  items: { data: [item('price_flat', 'licensed'), item('price_metered', 'metered')] },
  ...change,
})

describe('a subscription', () => {
  test('has our names for what Stripe says', () => {
    expect(parseSubscription(subscription())).toEqual({
      ...{ id: 'sub_1', status: 'active', customerId: 'cus_1' },
      ...{ accountId: 'acct_1', planVersionId: 'starter@1', priceIds: ['price_flat', 'price_metered'] },
      currentPeriod: { start: START, end: END },
      ...{ endedAt: null, cancelsAt: null, scheduleId: null },
      ...{ latestInvoiceId: null, paymentMethodId: null, claim: null },
    })
  })

  test.each([
    ['at a moment that was chosen', { cancel_at: end - 60 }, at('2026-12-10T09:29:00Z')],
    ['at the end of its period', { cancel_at_period_end: true }, END],
    ['at both, as flexible billing says it', { cancel_at: end, cancel_at_period_end: true }, END],
    ['never', { cancel_at: null, cancel_at_period_end: false }, null],
  ])('cancels %s', (_, change, cancelsAt) => {
    expect(parseSubscription(subscription(change)).cancelsAt).toBe(cancelsAt)
  })

  test('has the period of its metered item, wherever that stands', () => {
    const flat = item('price_flat', 'licensed', { start: start - 60, end: end + 60 })
    const metered = item('price_metered', 'metered')
    for (const data of [
      [flat, metered],
      [metered, flat],
    ])
      expect(parseSubscription(subscription({ items: { data } })).currentPeriod).toEqual({
        ...{ start: START, end: END },
      })
  })

  test('without a metered item has the period of its first one', () => {
    const data = [item('price_once', undefined), item('price_flat', 'licensed', { start, end: end + 60 })]
    expect(parseSubscription(subscription({ items: { data } })).currentPeriod.end).toBe(END)
  })

  test.each([{ metadata: {} }, { metadata: null }, { metadata: undefined }])(
    'with %j is nobody of ours',
    change => {
      expect(parseSubscription(subscription(change))).toMatchObject({ accountId: null, planVersionId: null })
    },
  )

  test.each([
    { status: 'sleeping' },
    { items: { data: [] } },
    { customer: null },
    { items: { data: [{ price: { id: 'price_1' } }] } },
  ])('with %j is not one that we understand', change => {
    expect(() => parseSubscription(subscription(change))).toThrow()
  })
})

const line = (change: object = {}) => ({
  ...{ id: 'il_1', amount: 751, quantity: 5_007, description: '5007 check × Starter' },
  period: { start, end },
  pricing: { price_details: { price: 'price_metered' }, unit_amount_decimal: Stripe.Decimal.from('0.15') },
  parent: { subscription_item_details: { proration: false } },
  ...change,
})

describe('a line of an invoice', () => {
  test('has units, whole minor units and the price as a decimal', () => {
    expect(parseInvoiceLine(line())).toEqual({
      ...{ id: 'il_1', priceId: 'price_metered', quantity: 5_007, amountMinor: 751n },
      ...{ unitPriceMinor: '0.15', period: { start: START, end: END }, proration: false },
      reducedMinor: 0n,
      description: '5007 check × Starter',
    })
  })

  test.each([
    ['an item added by hand', { pricing: null, parent: null }, { priceId: null, unitPriceMinor: null }],
    [
      'a price without a unit price',
      { pricing: { price_details: null, unit_amount_decimal: null } },
      { priceId: null, unitPriceMinor: null },
    ],
    [
      'an expanded price',
      { pricing: { price_details: { price: { id: 'price_1' } } } },
      { priceId: 'price_1', unitPriceMinor: null },
    ],
    ['no quantity and no text', { quantity: null, description: null }, { quantity: 0, description: '' }],
    ['a credit', { amount: -751 }, { amountMinor: -751n }],
    [
      'part of a period of the subscription',
      { parent: { subscription_item_details: { proration: true } } },
      { proration: true },
    ],
    [
      'part of a period as an item',
      { parent: { subscription_item_details: null, invoice_item_details: { proration: true } } },
      { proration: true },
    ],
  ])('may be %s', (_what, change, view) => {
    expect(parseInvoiceLine(line(change))).toMatchObject(view)
  })

  test.each([{ amount: 7.5 }, { amount: '751' }, { quantity: 0.5 }, { period: null }])(
    'with %j is refused: money and units are whole',
    change => {
      expect(() => parseInvoiceLine(line(change))).toThrow()
    },
  )
})

const invoice = (change: object = {}) => ({
  ...{ id: 'in_1', status: 'draft', customer: 'cus_1', billing_reason: 'subscription_cycle', number: null },
  ...{ currency: 'usd', total: 3651, created: end, period_start: start, period_end: end, auto_advance: true },
  ...{ automatically_finalizes_at: end + 3_600, hosted_invoice_url: null, invoice_pdf: null },
  parent: { subscription_details: { subscription: 'sub_1' } },
  lines: { has_more: false, data: [line()] },
  ...change,
})

describe('an invoice', () => {
  test('has our names for what Stripe says', () => {
    expect(parseInvoice(invoice())).toEqual({
      ...{ id: 'in_1', status: 'draft', customerId: 'cus_1', subscriptionId: 'sub_1', number: null },
      ...{ billingReason: 'subscription_cycle', currency: 'usd', totalMinor: 3651n, createdAt: END },
      ...{ period: { start: START, end: END }, autoAdvance: true, hostedUrl: null, pdfUrl: null },
      automaticallyFinalizesAt: at('2026-12-10T10:30:00Z'),
      settlement: {
        ...{ subtotalMinor: 3651n, discountMinor: 0n, creditsMinor: 0n, taxMinor: 0n },
        ...{ fromBalanceMinor: 0n, paidMinor: 0n, remainingMinor: 0n },
      },
      lines: [parseInvoiceLine(line())],
    })
  })

  test('names customer and subscription also when they are expanded', () => {
    const parent = { subscription_details: { subscription: { id: 'sub_2' } } }
    expect(parseInvoice(invoice({ parent, customer: { id: 'cus_2' } }))).toMatchObject({
      ...{ subscriptionId: 'sub_2', customerId: 'cus_2' },
    })
  })

  test.each([{ parent: null }, { parent: { subscription_details: null } }])(
    'with %j is of no subscription',
    change => {
      expect(parseInvoice(invoice(change)).subscriptionId).toBeNull()
    },
  )

  test('finalized has number and pages, and no moment to finalize itself at', () => {
    const pages = { hosted_invoice_url: 'https://pay.example', invoice_pdf: 'https://pdf.example' }
    const finalized = { status: 'open', number: 'A-0002', automatically_finalizes_at: null, ...pages }
    expect(parseInvoice(invoice({ ...finalized, auto_advance: undefined }))).toMatchObject({
      ...{ status: 'open', number: 'A-0002', automaticallyFinalizesAt: null, autoAdvance: false },
      ...{ hostedUrl: 'https://pay.example', pdfUrl: 'https://pdf.example' },
    })
  })

  test('has the lines that were read for it, not those it carries', () => {
    const lines = [line({ id: 'il_2' }), line({ id: 'il_3' })]
    expect(parseInvoice(invoice(), lines).lines.map(({ id }) => id)).toEqual(['il_2', 'il_3'])
  })

  test.each([
    { status: 'lost' },
    { total: 36.5 },
    { total: '3651' },
    { lines: { has_more: false, data: [{}] } },
    { customer: null },
  ])('with %j is not one that we understand', change => {
    expect(() => parseInvoice(invoice(change))).toThrow()
  })
})

test.each([
  [
    { id: 'cs_1', status: 'open', url: 'https://pay.example', subscription: null },
    { id: 'cs_1', status: 'open', url: 'https://pay.example', subscriptionId: null, accountId: null },
  ],
  [
    { id: 'cs_1', status: 'complete', url: null, subscription: 'sub_1' },
    { id: 'cs_1', status: 'complete', url: null, subscriptionId: 'sub_1', accountId: null },
  ],
  [
    { id: 'cs_1', status: 'complete', subscription: { id: 'sub_1' } },
    { id: 'cs_1', status: 'complete', url: null, subscriptionId: 'sub_1', accountId: null },
  ],
  [
    { id: 'cs_1', status: 'expired' },
    { id: 'cs_1', status: 'expired', url: null, subscriptionId: null, accountId: null },
  ],
])('a checkout session %j is read', (payload, view) => {
  expect(parseCheckoutSession(payload)).toEqual(view)
})

test('a checkout session of a status that we do not know is refused', () => {
  expect(() => parseCheckoutSession({ id: 'cs_1', status: 'half' })).toThrow()
})
