import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Started, startForTest } from './testing/start.ts'
import { tellStory } from './testing/story.ts'
import { problemsOf, type TypeName } from './testing/stripe-types.ts'

/** Where the SDK declares the type of an object, by its `object` member. */
const TYPES: Readonly<Record<string, TypeName>> = {
  'billing.credit_balance_transaction': {
    file: 'Billing/CreditBalanceTransactions',
    name: 'CreditBalanceTransaction',
  },
  'billing.credit_grant': { file: 'Billing/CreditGrants', name: 'CreditGrant' },
  'billing.meter': { file: 'Billing/Meters', name: 'Meter' },
  charge: { file: 'Charges', name: 'Charge' },
  'checkout.session': { file: 'Checkout/Sessions', name: 'Session' },
  coupon: { file: 'Coupons', name: 'Coupon' },
  credit_note: { file: 'CreditNotes', name: 'CreditNote' },
  credit_note_line_item: { file: 'CreditNoteLineItems', name: 'CreditNoteLineItem' },
  customer: { file: 'Customers', name: 'Customer' },
  customer_balance_transaction: { file: 'CustomerBalanceTransactions', name: 'CustomerBalanceTransaction' },
  dispute: { file: 'Disputes', name: 'Dispute' },
  event: { file: 'Events', name: 'EventBase' },
  invoice: { file: 'Invoices', name: 'Invoice' },
  invoice_payment: { file: 'InvoicePayments', name: 'InvoicePayment' },
  invoiceitem: { file: 'InvoiceItems', name: 'InvoiceItem' },
  item: { file: 'LineItems', name: 'LineItem' },
  line_item: { file: 'InvoiceLineItems', name: 'InvoiceLineItem' },
  payment_intent: { file: 'PaymentIntents', name: 'PaymentIntent' },
  payment_method: { file: 'PaymentMethods', name: 'PaymentMethod' },
  price: { file: 'Prices', name: 'Price' },
  product: { file: 'Products', name: 'Product' },
  refund: { file: 'Refunds', name: 'Refund' },
  subscription: { file: 'Subscriptions', name: 'Subscription' },
  subscription_item: { file: 'SubscriptionItems', name: 'SubscriptionItem' },
  subscription_schedule: { file: 'SubscriptionSchedules', name: 'SubscriptionSchedule' },
  tax_id: { file: 'TaxIds', name: 'TaxId' },
  'v2.core.event_destination': { file: 'V2/Core/EventDestinations', name: 'EventDestination' },
  webhook_endpoint: { file: 'WebhookEndpoints', name: 'WebhookEndpoint' },
}

type Json = Record<string, unknown>

let local: Started
const announced: Json[] = []

beforeAll(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
  local.engine.listeners.push(event => {
    const object = event.object === 'event' ? event.data.object : undefined
    if (typeof object === 'object' && object !== null) announced.push({ ...object })
  })
  await tellStory(local)
})

afterAll(() => local.stop())

async function get(path: string): Promise<Json> {
  const response = await fetch(`${local.url}${path}`, { headers: { authorization: 'Bearer sk_test_x' } })
  const body: unknown = await response.json()
  if (!response.ok || typeof body !== 'object' || body === null)
    throw new Error(`${path}: ${JSON.stringify(body)}`)
  return { ...body }
}

async function list(path: string): Promise<Json[]> {
  const { data } = await get(path)
  return Array.isArray(data) ? data : []
}

function problems(objects: readonly Json[]): string[] {
  const found = objects.flatMap(object => {
    const type = TYPES[String(object.object)]
    return type === undefined ? [`no type for ${String(object.object)}`] : problemsOf(object, type)
  })
  return [...new Set(found)]
}

describe('what a list answers has the members of its type in the SDK, and no others', () => {
  test.each([
    ['/v1/customers?expand[]=data.tax_ids&expand[]=data.subscriptions', 4],
    ['/v1/products', 2],
    ['/v1/prices?expand[]=data.tiers', 4],
    ['/v1/billing/meters', 2],
    ['/v1/coupons', 1],
    ['/v1/subscriptions?status=all&limit=100', 4],
    ['/v1/subscription_schedules', 1],
    ['/v1/invoices?limit=100&expand[]=data.payments&expand[]=data.confirmation_secret', 8],
    ['/v1/invoice_payments?limit=100', 5],
    ['/v1/payment_intents?limit=100', 5],
    ['/v1/charges?limit=100', 5],
    ['/v1/refunds', 1],
    ['/v1/disputes', 1],
    ['/v1/credit_notes', 2],
    ['/v1/billing/credit_grants', 1],
    ['/v1/billing/credit_balance_transactions', 2],
    ['/v1/checkout/sessions?expand[]=data.line_items', 2],
    ['/v1/invoiceitems', 1],
    ['/v1/webhook_endpoints', 1],
    ['/v2/core/event_destinations', 1],
    ['/v1/events?limit=100', 30],
  ])('%s', async (path, atLeast) => {
    const objects = await list(path)
    expect(objects.length).toBeGreaterThanOrEqual(atLeast)
    expect(problems(objects)).toEqual([])
  })
})

test('what belongs to a customer has the members of its type', async () => {
  const customers = await list('/v1/customers')
  const owned = await Promise.all(
    customers.flatMap(({ id }) =>
      ['payment_methods', 'tax_ids', 'balance_transactions'].map(kind => list(`/v1/customers/${id}/${kind}`)),
    ),
  )
  expect(new Set(owned.flat().map(one => one.object)).size).toBe(3)
  expect(problems(owned.flat())).toEqual([])
})

test('every event carries an object of its type', async () => {
  expect(new Set(announced.map(object => object.object)).size).toBeGreaterThan(18)
  expect(problems(announced)).toEqual([])
})

test('what is answered once has the members of its type', async () => {
  const [customer] = await list('/v1/billing/credit_grants')
  const id = String(customer?.customer)
  const summary = await get(
    `/v1/billing/credit_balance_summary?customer=${id}&filter[type]=applicability_scope&filter[applicability_scope][price_type]=metered`,
  )
  expect(problemsOf(summary, { file: 'Billing/CreditBalanceSummary', name: 'CreditBalanceSummary' })).toEqual(
    [],
  )
  const [meter] = await list('/v1/billing/meters?limit=1')
  const rows = await list(
    `/v1/billing/meters/${meter?.id}/event_summaries?customer=${id}&start_time=1762732800&end_time=1796860800`,
  )
  expect(
    rows.flatMap(row => problemsOf(row, { file: 'Billing/MeterEventSummaries', name: 'MeterEventSummary' })),
  ).toEqual([])
})

test('a missing, a superfluous and a wrong member would be noticed', async () => {
  const [customer = {}] = await list('/v1/customers?limit=1')
  const { balance: _balance, ...rest } = customer
  expect(
    problemsOf({ ...rest, livemode: 'no', colour: 'red' }, { file: 'Customers', name: 'Customer' }),
  ).toEqual([
    'Customer.colour is not declared',
    'Customer.balance is missing',
    'Customer.livemode is no boolean',
  ])
})
