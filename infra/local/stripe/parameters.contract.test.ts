import { describe, expect, test } from 'vitest'
import { v1Routes } from './api/routes/index.ts'
import { v2Routes } from './api/v2.ts'
import type { Param } from './engine/params.ts'
import { parametersOf } from './testing/stripe-types.ts'

/** The SDK's type of what each endpoint takes, as `file type`. Endpoints that take nothing are not here. */
const TYPES: Readonly<Record<string, string>> = {
  'POST /v1/billing/credit_grants': 'Billing/CreditGrants Billing.CreditGrantCreateParams',
  'POST /v1/billing/credit_grants/:id': 'Billing/CreditGrants Billing.CreditGrantUpdateParams',
  'GET /v1/billing/credit_grants': 'Billing/CreditGrants Billing.CreditGrantListParams',
  'GET /v1/billing/credit_balance_summary':
    'Billing/CreditBalanceSummary Billing.CreditBalanceSummaryRetrieveParams',
  'GET /v1/billing/credit_balance_transactions':
    'Billing/CreditBalanceTransactions Billing.CreditBalanceTransactionListParams',
  'POST /v1/billing/meters': 'Billing/Meters Billing.MeterCreateParams',
  'POST /v1/billing/meters/:id': 'Billing/Meters Billing.MeterUpdateParams',
  'GET /v1/billing/meters': 'Billing/Meters Billing.MeterListParams',
  'GET /v1/billing/meters/:id/event_summaries': 'Billing/Meters Billing.MeterListEventSummariesParams',
  'POST /v1/billing/meter_events': 'Billing/MeterEvents Billing.MeterEventCreateParams',
  'POST /v1/billing/meter_event_adjustments':
    'Billing/MeterEventAdjustments Billing.MeterEventAdjustmentCreateParams',
  'POST /v1/billing_portal/sessions': 'BillingPortal/Sessions BillingPortal.SessionCreateParams',
  'GET /v1/charges': 'Charges ChargeListParams',
  'POST /v1/checkout/sessions': 'Checkout/Sessions Checkout.SessionCreateParams',
  'GET /v1/checkout/sessions': 'Checkout/Sessions Checkout.SessionListParams',
  'POST /v1/coupons': 'Coupons CouponCreateParams',
  'POST /v1/coupons/:id': 'Coupons CouponUpdateParams',
  'POST /v1/credit_notes': 'CreditNotes CreditNoteCreateParams',
  'POST /v1/credit_notes/:id': 'CreditNotes CreditNoteUpdateParams',
  'GET /v1/credit_notes': 'CreditNotes CreditNoteListParams',
  'GET /v1/credit_notes/preview': 'CreditNotes CreditNotePreviewParams',
  'POST /v1/customers': 'Customers CustomerCreateParams',
  'POST /v1/customers/:id': 'Customers CustomerUpdateParams',
  'GET /v1/customers': 'Customers CustomerListParams',
  'POST /v1/customers/:id/balance_transactions': 'Customers CustomerCreateBalanceTransactionParams',
  'GET /v1/customers/:id/payment_methods': 'Customers CustomerListPaymentMethodsParams',
  'POST /v1/customers/:id/tax_ids': 'Customers CustomerCreateTaxIdParams',
  'POST /v1/disputes/:id': 'Disputes DisputeUpdateParams',
  'GET /v1/disputes': 'Disputes DisputeListParams',
  'GET /v1/events': 'Events EventListParams',
  'POST /v1/invoiceitems': 'InvoiceItems InvoiceItemCreateParams',
  'GET /v1/invoiceitems': 'InvoiceItems InvoiceItemListParams',
  'GET /v1/invoice_payments': 'InvoicePayments InvoicePaymentListParams',
  'POST /v1/invoices': 'Invoices InvoiceCreateParams',
  'POST /v1/invoices/:id': 'Invoices InvoiceUpdateParams',
  'GET /v1/invoices': 'Invoices InvoiceListParams',
  'POST /v1/invoices/create_preview': 'Invoices InvoiceCreatePreviewParams',
  'POST /v1/invoices/:id/finalize': 'Invoices InvoiceFinalizeInvoiceParams',
  'POST /v1/invoices/:id/pay': 'Invoices InvoicePayParams',
  'GET /v1/payment_intents': 'PaymentIntents PaymentIntentListParams',
  'POST /v1/payment_methods/:id/attach': 'PaymentMethods PaymentMethodAttachParams',
  'GET /v1/payment_methods': 'PaymentMethods PaymentMethodListParams',
  'POST /v1/prices': 'Prices PriceCreateParams',
  'POST /v1/prices/:id': 'Prices PriceUpdateParams',
  'GET /v1/prices': 'Prices PriceListParams',
  'POST /v1/products': 'Products ProductCreateParams',
  'POST /v1/products/:id': 'Products ProductUpdateParams',
  'GET /v1/products': 'Products ProductListParams',
  'POST /v1/refunds': 'Refunds RefundCreateParams',
  'POST /v1/refunds/:id': 'Refunds RefundUpdateParams',
  'GET /v1/refunds': 'Refunds RefundListParams',
  'GET /v1/subscription_items': 'SubscriptionItems SubscriptionItemListParams',
  'POST /v1/subscription_schedules': 'SubscriptionSchedules SubscriptionScheduleCreateParams',
  'POST /v1/subscription_schedules/:id': 'SubscriptionSchedules SubscriptionScheduleUpdateParams',
  'GET /v1/subscription_schedules': 'SubscriptionSchedules SubscriptionScheduleListParams',
  'POST /v1/subscription_schedules/:id/cancel': 'SubscriptionSchedules SubscriptionScheduleCancelParams',
  'POST /v1/subscription_schedules/:id/release': 'SubscriptionSchedules SubscriptionScheduleReleaseParams',
  'POST /v1/subscriptions': 'Subscriptions SubscriptionCreateParams',
  'POST /v1/subscriptions/:id': 'Subscriptions SubscriptionUpdateParams',
  'GET /v1/subscriptions': 'Subscriptions SubscriptionListParams',
  'DELETE /v1/subscriptions/:id': 'Subscriptions SubscriptionCancelParams',
  'POST /v1/webhook_endpoints': 'WebhookEndpoints WebhookEndpointCreateParams',
  'POST /v1/webhook_endpoints/:id': 'WebhookEndpoints WebhookEndpointUpdateParams',
  'POST /v2/billing/meter_events': 'V2/Billing/MeterEvents V2.Billing.MeterEventCreateParams',
  'POST /v2/billing/meter_event_adjustments':
    'V2/Billing/MeterEventAdjustments V2.Billing.MeterEventAdjustmentCreateParams',
  'POST /v2/billing/meter_event_stream':
    'V2/Billing/MeterEventStream V2.Billing.MeterEventStreamCreateParams',
  'POST /v2/core/event_destinations': 'V2/Core/EventDestinations V2.Core.EventDestinationCreateParams',
  'POST /v2/core/event_destinations/:id': 'V2/Core/EventDestinations V2.Core.EventDestinationUpdateParams',
  'GET /v2/core/event_destinations': 'V2/Core/EventDestinations V2.Core.EventDestinationListParams',
  'GET /v2/core/event_destinations/:id': 'V2/Core/EventDestinations V2.Core.EventDestinationRetrieveParams',
}

/** Stripe's own documentation has it where the SDK's type leaves it to the pager. */
const PAGING = new Set(['limit', 'page', 'object_id'])

/** Dotted names of what an endpoint takes. */
function accepted(param: Param<unknown>, prefix = ''): string[] {
  return Object.entries(param.shape ?? {}).flatMap(([name, inner]) => [
    `${prefix}${name}`,
    ...accepted(inner, `${prefix}${name}.`),
  ])
}

const endpoints = [...v1Routes, ...v2Routes]
  .map(route => ({ name: `${route.method} ${route.path}`, taken: accepted(route.params) }))
  .filter(({ name, taken }) => taken.length > 0 && name !== 'GET /v2/core/events')

describe('every parameter that is taken exists in the SDK', () => {
  test.each(endpoints)('$name', ({ name, taken }) => {
    const [file = '', type = ''] = (TYPES[name] ?? '').split(' ')
    expect(type, 'an endpoint of this test has no type').not.toBe('')
    const known = parametersOf({ file, name: type })
    expect(known.size).toBeGreaterThan(0)
    expect(taken.filter(parameter => !known.has(parameter) && !PAGING.has(parameter))).toEqual([])
  })
})
