import type Stripe from 'stripe'

/**
 * The JSON of a Stripe object: decimals are strings, references are ids (expansion happens on the way out).
 * Built from the SDK's own types, so the compiler finds every field that an object of ours lacks.
 */
export type Wire<T> = T extends string
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends ReadonlyArray<infer Item>
      ? Wire<Reference<Item>>[]
      : T extends object
        ? { [Key in keyof T]: Wire<Reference<T[Key]>> }
        : T

/** A field that may hold an id or the object holds the id. */
type Reference<T> = string extends T ? Exclude<T, { id: string }> : T

export type Customer = Wire<Stripe.Customer>
export type TaxId = Wire<Stripe.TaxId>
export type CreditGrant = Wire<Stripe.Billing.CreditGrant>
export type CreditTransaction = Wire<Stripe.Billing.CreditBalanceTransaction>
export type CreditBalanceSummary = Wire<Stripe.Billing.CreditBalanceSummary>
export type BalanceTransaction = Wire<Stripe.CustomerBalanceTransaction>
export type CreditNote = Wire<Stripe.CreditNote>
export type CreditNoteLine = Wire<Stripe.CreditNoteLineItem>
export type Refund = Wire<Stripe.Refund>
export type Dispute = Wire<Stripe.Dispute>
export type Schedule = Wire<Stripe.SubscriptionSchedule>
export type Product = Wire<Stripe.Product>
export type Price = Wire<Stripe.Price>
export type PriceTier = Wire<Stripe.Price.Tier>
export type Coupon = Wire<Stripe.Coupon>
export type Discount = Wire<Stripe.Discount>
export type Meter = Wire<Stripe.Billing.Meter>
export type MeterEvent = Wire<Stripe.Billing.MeterEvent>
export type MeterEventV2 = Wire<Stripe.V2.Billing.MeterEvent>
export type MeterEventAdjustment = Wire<Stripe.Billing.MeterEventAdjustment>
export type MeterEventAdjustmentV2 = Wire<Stripe.V2.Billing.MeterEventAdjustment>
export type MeterEventSession = Wire<Stripe.V2.Billing.MeterEventSession>
export type MeterEventSummary = Wire<Stripe.Billing.MeterEventSummary>
export type Subscription = Wire<Stripe.Subscription>
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>
export type Invoice = Wire<Stripe.Invoice>
export type InvoiceLine = Wire<Stripe.InvoiceLineItem>
export type InvoiceItem = Wire<Stripe.InvoiceItem>
export type InvoicePayment = Wire<Stripe.InvoicePayment>
export type PaymentIntent = Wire<Stripe.PaymentIntent>
export type Charge = Wire<Stripe.Charge>
export type PaymentMethod = Wire<Stripe.PaymentMethod>
export type CheckoutSession = Wire<Stripe.Checkout.Session>
export type CheckoutLineItem = Wire<Stripe.LineItem>
export type PortalSession = Wire<Stripe.BillingPortal.Session>
export type WebhookEndpoint = Wire<Stripe.WebhookEndpoint>
export type EventDestination = Wire<Stripe.V2.Core.EventDestination>
export type EventType = Stripe.Event['type']

/** A snapshot event. Its object is what the API would have answered at that moment. */
export type StripeEvent = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: unknown; previous_attributes?: Record<string, unknown> }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: EventType
}

export type MeterErrorData = Wire<Stripe.V2.Core.Events.V1BillingMeterErrorReportTriggeredEvent.Data>

/** A thin event as `GET /v2/core/events/:id` answers it; the push carries all but `data`. */
export type ThinEvent = {
  readonly id: string
  readonly object: 'v2.core.event'
  readonly created: string
  readonly livemode: boolean
  readonly context: null
  readonly data: MeterErrorData
} & (
  | { readonly type: 'v1.billing.meter.no_meter_found' }
  | {
      readonly type: 'v1.billing.meter.error_report_triggered'
      readonly related_object: { readonly id: string; readonly type: 'billing.meter'; readonly url: string }
    }
)
