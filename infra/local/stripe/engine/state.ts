import type {
  BalanceTransaction,
  Charge,
  CheckoutSession,
  Coupon,
  CreditGrant,
  CreditNote,
  CreditNoteLine,
  CreditTransaction,
  Customer,
  Discount,
  Dispute,
  EventDestination,
  Invoice,
  InvoiceItem,
  InvoiceLine,
  InvoicePayment,
  Meter,
  PaymentIntent,
  PaymentMethod,
  PortalSession,
  Price,
  PriceTier,
  Product,
  Refund,
  Schedule,
  StripeEvent,
  Subscription,
  TaxId,
  ThinEvent,
  WebhookEndpoint,
} from './wire.ts'

export type Table<T> = Map<string, T>

/** One accepted meter event. Values are decimals as text. */
export type Usage = {
  readonly value: string
  /** When it happened, Unix seconds: decides the period. */
  readonly timestamp: number
  /** When it was received, on the engine's clock. */
  readonly receivedAtMs: number
  /** Whether summaries show it yet. */
  aggregated: boolean
  /** Taken back by an adjustment. */
  cancelled: boolean
}

/** A meter event on its way into the summaries. `index` into its usage; null when its customer is not known. */
export type Unsettled = {
  readonly meterId: string
  readonly customerId: string
  readonly index: number | null
  readonly identifier: string
  readonly receivedAtMs: number
}

/** Where the event of an identifier was put, and when it was received. */
export type KnownIdentifier = {
  readonly meterId: string
  readonly key: string
  readonly index: number | null
  readonly atMs: number
}

/** How a test card behaves. `authenticated` cards were confirmed by their holder once. */
export type CardBehaviour = {
  readonly kind: 'succeed' | 'decline' | 'authenticate' | 'decline_later' | 'dispute'
  readonly declineCode?: string
  authenticated: boolean
}

/** What the two meter-error events report: https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api */
export const METER_FAILURE_CODES = [
  'archived_meter',
  'meter_event_customer_not_found',
  'meter_event_invalid_value',
  'meter_event_no_customer_defined',
  'meter_event_value_not_found',
  'meter_event_value_too_many_digits',
  'no_meter',
  'timestamp_in_future',
  'timestamp_too_far_in_past',
] as const

export type MeterFailure = {
  readonly identifier: string
  readonly code: (typeof METER_FAILURE_CODES)[number]
  readonly message: string
  readonly atMs: number
}

export type Delivery = {
  readonly id: string
  /** The event's type. */
  readonly type: string
  readonly eventId: string
  readonly endpointId: string
  attempts: number
  status: 'pending' | 'delivered' | 'failed'
  lastStatus: number | null
}

/** A card entered on a Checkout page that waits for its holder's confirmation. */
export type PendingCard = {
  readonly number: string
  readonly month: number
  readonly year: number
  readonly name: string
}

export type CheckoutRecord = {
  readonly lines: ReadonlyArray<{
    readonly id: string
    readonly price: string
    readonly quantity: number | null
  }>
  readonly subscriptionMetadata: Record<string, string>
  readonly subscriptionDescription: string | null
  /** Waits for its holder's confirmation. */
  pendingCard: PendingCard | null
  /** What earlier attempts of this session made; a further card pays the same invoice. */
  customer: string | null
  subscription: string | null
}

/** The answer of an earlier POST, kept under its idempotency key. */
export type RememberedAnswer = {
  readonly fingerprint: string
  readonly status: number
  readonly body: string
  readonly headers: Record<string, string>
  readonly atMs: number
}

/** Everything the engine knows: plain data, so that it can be stored and restored. */
export type State = {
  sequence: number
  customers: Table<Customer>
  deletedCustomers: Table<true>
  taxIds: Table<TaxId>
  balanceTransactions: Table<BalanceTransaction>
  creditGrants: Table<CreditGrant>
  creditTransactions: Table<CreditTransaction>
  creditNotes: Table<CreditNote>
  creditNoteLines: Table<CreditNoteLine[]>
  refunds: Table<Refund>
  disputes: Table<Dispute>
  schedules: Table<Schedule>
  products: Table<Product>
  prices: Table<Price>
  priceTiers: Table<PriceTier[]>
  coupons: Table<Coupon>
  deletedCoupons: Table<Coupon>
  discounts: Table<Discount>
  meters: Table<Meter>
  /** By `<meter id>/<customer id>`. */
  usage: Table<Usage[]>
  /** Of the last day, in order of receipt. */
  identifiers: Table<KnownIdentifier>
  /** In order of receipt. */
  unsettled: Unsettled[]
  aggregationArmedForMs: number
  /** When each stream token expires, milliseconds. */
  meterSessions: Table<number>
  /** Failures that wait for the end of their validation window, by meter. */
  meterFailures: Table<MeterFailure[]>
  subscriptions: Table<Subscription>
  /** Since when an item that was put on in mid-period counts usage, Unix seconds. */
  itemStarts: Table<number>
  invoices: Table<Invoice>
  invoiceLines: Table<InvoiceLine[]>
  invoiceItems: Table<InvoiceItem>
  invoicePayments: Table<InvoicePayment>
  paymentIntents: Table<PaymentIntent>
  charges: Table<Charge>
  paymentMethods: Table<PaymentMethod>
  cards: Table<CardBehaviour>
  checkoutSessions: Table<CheckoutSession>
  checkoutRecords: Table<CheckoutRecord>
  portalSessions: Table<PortalSession>
  webhookEndpoints: Table<WebhookEndpoint>
  webhookSecrets: Table<string>
  eventDestinations: Table<EventDestination>
  events: StripeEvent[]
  thinEvents: ThinEvent[]
  deliveries: Table<Delivery>
  idempotencyKeys: Table<RememberedAnswer>
}

export function emptyState(): State {
  return {
    sequence: 0,
    customers: new Map(),
    deletedCustomers: new Map(),
    taxIds: new Map(),
    balanceTransactions: new Map(),
    creditGrants: new Map(),
    creditTransactions: new Map(),
    creditNotes: new Map(),
    creditNoteLines: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    schedules: new Map(),
    products: new Map(),
    prices: new Map(),
    priceTiers: new Map(),
    coupons: new Map(),
    deletedCoupons: new Map(),
    discounts: new Map(),
    meters: new Map(),
    usage: new Map(),
    identifiers: new Map(),
    unsettled: [],
    aggregationArmedForMs: 0,
    meterSessions: new Map(),
    meterFailures: new Map(),
    subscriptions: new Map(),
    itemStarts: new Map(),
    invoices: new Map(),
    invoiceLines: new Map(),
    invoiceItems: new Map(),
    invoicePayments: new Map(),
    paymentIntents: new Map(),
    charges: new Map(),
    paymentMethods: new Map(),
    cards: new Map(),
    checkoutSessions: new Map(),
    checkoutRecords: new Map(),
    portalSessions: new Map(),
    webhookEndpoints: new Map(),
    webhookSecrets: new Map(),
    eventDestinations: new Map(),
    events: [],
    thinEvents: [],
    deliveries: new Map(),
    idempotencyKeys: new Map(),
  }
}
