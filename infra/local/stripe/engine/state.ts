import type {
  Charge,
  CheckoutSession,
  Coupon,
  Customer,
  Discount,
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
  StripeEvent,
  Subscription,
  ThinEvent,
  WebhookEndpoint,
} from './wire.ts'

export type Table<T> = Record<string, T>

/** One accepted meter event. Values are whole numbers as text. */
export type Usage = {
  readonly identifier: string
  readonly value: string
  /** When it happened, Unix seconds: decides the period. */
  readonly timestamp: number
  /** When it was received, on the engine's clock. */
  readonly receivedAtMs: number
  /** Whether summaries show it yet. */
  aggregated: boolean
}

/** How a test card behaves. `authenticated` cards were confirmed by their holder once. */
export type CardBehaviour = {
  readonly kind: 'succeed' | 'decline' | 'authenticate' | 'decline_later'
  readonly declineCode?: string
  authenticated: boolean
}

export type MeterFailure = { readonly identifier: string; readonly message: string; readonly atMs: number }

export type Delivery = {
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
  pendingCard: PendingCard | null
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
  products: Table<Product>
  prices: Table<Price>
  priceTiers: Table<PriceTier[]>
  coupons: Table<Coupon>
  discounts: Table<Discount>
  meters: Table<Meter>
  /** By `<meter id>/<customer id>`. */
  usage: Table<Usage[]>
  /** Receipt time of each identifier, milliseconds. */
  identifiers: Table<number>
  /** Failures that wait for the end of their validation window, by meter. */
  meterFailures: Table<MeterFailure[]>
  subscriptions: Table<Subscription>
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
  deliveries: Delivery[]
  idempotencyKeys: Table<RememberedAnswer>
}

export function emptyState(): State {
  return {
    sequence: 0,
    customers: {},
    deletedCustomers: {},
    products: {},
    prices: {},
    priceTiers: {},
    coupons: {},
    discounts: {},
    meters: {},
    usage: {},
    identifiers: {},
    meterFailures: {},
    subscriptions: {},
    invoices: {},
    invoiceLines: {},
    invoiceItems: {},
    invoicePayments: {},
    paymentIntents: {},
    charges: {},
    paymentMethods: {},
    cards: {},
    checkoutSessions: {},
    checkoutRecords: {},
    portalSessions: {},
    webhookEndpoints: {},
    webhookSecrets: {},
    eventDestinations: {},
    events: [],
    thinEvents: [],
    deliveries: [],
    idempotencyKeys: {},
  }
}
