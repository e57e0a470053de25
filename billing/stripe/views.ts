import * as z from 'zod/mini'
import { fromUnixSeconds, type Instant, type Period } from '#kernel/time'

/**
 * What billing reads of Stripe's objects, parsed: names of ours, instants in milliseconds, references as ids. Amounts
 * stay `bigint` minor units. Shapes: API 2026-10-28.endive.
 */
export type SubscriptionView = {
  readonly id: string
  readonly status: SubscriptionStatus
  readonly customerId: string
  /** From the metadata that Checkout put there; null when it is not ours. */
  readonly accountId: string | null
  readonly planVersionId: string | null
  readonly priceIds: readonly string[]
  /** Of the metered item: periods live on items. */
  readonly currentPeriod: Period
}

export type InvoiceLine = {
  readonly id: string
  readonly priceId: string | null
  readonly quantity: number
  readonly amountMinor: bigint
  readonly unitPriceMinor: string | null
  readonly period: Period
  readonly description: string
  readonly proration: boolean
}

export type InvoiceView = {
  readonly id: string
  readonly status: InvoiceStatus
  readonly customerId: string
  readonly subscriptionId: string | null
  /** `subscription_create`, `subscription_cycle`, … */
  readonly billingReason: string | null
  readonly number: string | null
  readonly currency: string
  readonly totalMinor: bigint
  readonly createdAt: Instant
  /** The window of pending items; for a cycle invoice the period that ended. */
  readonly period: Period
  readonly autoAdvance: boolean
  readonly automaticallyFinalizesAt: Instant | null
  readonly hostedUrl: string | null
  readonly pdfUrl: string | null
  /** All of them; the adapter reads the pages beyond the first ten. */
  readonly lines: readonly InvoiceLine[]
}

export type CheckoutSessionView = {
  readonly id: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly url: string | null
  readonly subscriptionId: string | null
}

const seconds = z.pipe(z.int(), z.transform(fromUnixSeconds))
/** A reference that may be expanded. */
const reference = z.pipe(
  z.union([z.string(), z.object({ id: z.string() })]),
  z.transform(value => (typeof value === 'string' ? value : value.id)),
)
const minor = z.pipe(
  z.int(),
  z.transform((value: number) => BigInt(value)),
)
/** The SDK turns decimal strings of answers into objects; both print as the decimal. */
const decimal = z.pipe(
  z.nullable(z.unknown()),
  z.transform(value => (value == null ? null : String(value))),
)
const metadata = z.nullish(z.record(z.string(), z.string()))
const stretch = z.object({ start: seconds, end: seconds })

const SUBSCRIPTION_STATUSES = [
  ...(['incomplete', 'incomplete_expired', 'trialing', 'active'] as const),
  ...(['past_due', 'canceled', 'unpaid', 'paused'] as const),
] as const
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number]

const INVOICE_STATUSES = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number]

const subscriptionSchema = z.object({
  id: z.string(),
  status: z.enum(SUBSCRIPTION_STATUSES),
  customer: reference,
  metadata,
  items: z.object({
    data: z
      .array(
        z.object({
          current_period_start: seconds,
          current_period_end: seconds,
          price: z.object({
            id: z.string(),
            recurring: z.nullish(z.object({ usage_type: z.string() })),
          }),
        }),
      )
      .check(z.minLength(1)),
  }),
})

export function parseSubscription(payload: unknown): SubscriptionView {
  const { id, status, customer, metadata, items } = z.parse(subscriptionSchema, payload)
  const item = items.data.find(({ price }) => price.recurring?.usage_type === 'metered') ?? items.data[0]
  if (!item) throw new Error(`subscription ${id} has no items`)
  return {
    id,
    status,
    customerId: customer,
    accountId: metadata?.accountId ?? null,
    planVersionId: metadata?.planVersionId ?? null,
    priceIds: items.data.map(({ price }) => price.id),
    currentPeriod: { start: item.current_period_start, end: item.current_period_end },
  }
}

const lineSchema = z.object({
  id: z.string(),
  amount: minor,
  quantity: z.nullable(z.int()),
  description: z.nullable(z.string()),
  period: stretch,
  pricing: z.nullish(
    z.object({
      price_details: z.nullish(z.object({ price: reference })),
      unit_amount_decimal: z.optional(decimal),
    }),
  ),
  parent: z.nullish(
    z.object({
      invoice_item_details: z.nullish(z.object({ proration: z.optional(z.boolean()) })),
      subscription_item_details: z.nullish(z.object({ proration: z.optional(z.boolean()) })),
    }),
  ),
})

export function parseInvoiceLine(payload: unknown): InvoiceLine {
  const { id, amount, quantity, description, period, pricing, parent } = z.parse(lineSchema, payload)
  const details = parent?.subscription_item_details ?? parent?.invoice_item_details
  return {
    id,
    priceId: pricing?.price_details?.price ?? null,
    quantity: quantity ?? 0,
    amountMinor: amount,
    unitPriceMinor: pricing?.unit_amount_decimal ?? null,
    period,
    description: description ?? '',
    proration: details?.proration ?? false,
  }
}

const invoiceSchema = z.object({
  id: z.string(),
  status: z.enum(INVOICE_STATUSES),
  customer: reference,
  billing_reason: z.nullable(z.string()),
  number: z.nullable(z.string()),
  currency: z.string(),
  total: minor,
  created: seconds,
  period_start: seconds,
  period_end: seconds,
  auto_advance: z.nullish(z.boolean()),
  automatically_finalizes_at: z.nullish(seconds),
  hosted_invoice_url: z.nullish(z.string()),
  invoice_pdf: z.nullish(z.string()),
  parent: z.nullish(
    z.object({ subscription_details: z.nullish(z.object({ subscription: z.nullable(reference) })) }),
  ),
  lines: z.object({ has_more: z.boolean(), data: z.array(z.unknown()) }),
})

/** `lines` replaces the page that the invoice carries. */
export function parseInvoice(payload: unknown, lines?: readonly unknown[]): InvoiceView {
  const invoice = z.parse(invoiceSchema, payload)
  return {
    id: invoice.id,
    status: invoice.status,
    customerId: invoice.customer,
    subscriptionId: invoice.parent?.subscription_details?.subscription ?? null,
    billingReason: invoice.billing_reason,
    number: invoice.number,
    currency: invoice.currency,
    totalMinor: invoice.total,
    createdAt: invoice.created,
    period: { start: invoice.period_start, end: invoice.period_end },
    autoAdvance: invoice.auto_advance ?? false,
    automaticallyFinalizesAt: invoice.automatically_finalizes_at ?? null,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    lines: (lines ?? invoice.lines.data).map(parseInvoiceLine),
  }
}

const sessionSchema = z.object({
  id: z.string(),
  status: z.enum(['open', 'complete', 'expired']),
  url: z.nullish(z.string()),
  subscription: z.nullish(reference),
})

export function parseCheckoutSession(payload: unknown): CheckoutSessionView {
  const { id, status, url, subscription } = z.parse(sessionSchema, payload)
  return { id, status, url: url ?? null, subscriptionId: subscription ?? null }
}
