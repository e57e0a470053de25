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
  /** When it ended for good; null while it lives. */
  readonly endedAt: Instant | null
  /** When it will end by itself: at the end of its period, or at a moment that somebody chose. */
  readonly cancelsAt: Instant | null
  /** The schedule that changes it at the end of a period. */
  readonly scheduleId: string | null
  readonly latestInvoiceId: string | null
  /** The card that pays it; null: the customer's. */
  readonly paymentMethodId: string | null
  /** Names the plan change that made it, where one did. */
  readonly claim: string | null
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
  /** Discounts and credit that Stripe took off the amount. */
  readonly reducedMinor: bigint
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
  /** From the lines to what is paid. */
  readonly settlement: InvoiceSettlement
  /** All of them; the adapter reads the pages beyond the first ten. */
  readonly lines: readonly InvoiceLine[]
}

/** Amounts of an invoice that Stripe alone computes. */
export type InvoiceSettlement = {
  readonly subtotalMinor: bigint
  readonly discountMinor: bigint
  readonly creditsMinor: bigint
  readonly taxMinor: bigint
  /** Taken from the customer's balance; negative: left on it. */
  readonly fromBalanceMinor: bigint
  readonly paidMinor: bigint
  readonly remainingMinor: bigint
}

export type CheckoutSessionView = {
  readonly id: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly url: string | null
  readonly subscriptionId: string | null
  /** From the metadata that we put there; null when it is not ours. */
  readonly accountId: string | null
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
  ended_at: z.nullish(seconds),
  cancel_at: z.nullish(seconds),
  cancel_at_period_end: z.nullish(z.boolean()),
  schedule: z.nullish(reference),
  latest_invoice: z.nullish(reference),
  default_payment_method: z.nullish(reference),
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
  const parsed = z.parse(subscriptionSchema, payload)
  const { id, status, customer, metadata, items } = parsed
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
    endedAt: parsed.ended_at ?? null,
    // Flexible billing mode may say either: both are read.
    cancelsAt: parsed.cancel_at ?? (parsed.cancel_at_period_end ? item.current_period_end : null),
    scheduleId: parsed.schedule ?? null,
    latestInvoiceId: parsed.latest_invoice ?? null,
    paymentMethodId: parsed.default_payment_method ?? null,
    claim: metadata?.claim ?? null,
  }
}

/** A subscription schedule: what a subscription will be sold as from the end of a period on. */
export type ScheduleView = {
  readonly id: string
  readonly status: string
  /** That it changes, or changed before it was released. */
  readonly subscriptionId: string | null
  readonly phases: readonly SchedulePhase[]
  /** Start of the phase that runs; null when none does. */
  readonly currentStart: Instant | null
}
export type SchedulePhase = Period & {
  readonly priceIds: readonly string[]
  readonly planVersionId: string | null
}

const scheduleSchema = z.object({
  id: z.string(),
  status: z.string(),
  subscription: z.nullish(reference),
  released_subscription: z.nullish(z.string()),
  current_phase: z.nullish(z.object({ start_date: seconds })),
  phases: z.array(
    z.object({
      start_date: seconds,
      end_date: seconds,
      metadata,
      items: z.array(z.object({ price: reference })),
    }),
  ),
})

export function parseSchedule(payload: unknown): ScheduleView {
  const schedule = z.parse(scheduleSchema, payload)
  const { id, status, current_phase, phases } = schedule
  return {
    id,
    status,
    subscriptionId: schedule.subscription ?? schedule.released_subscription ?? null,
    currentStart: current_phase?.start_date ?? null,
    phases: phases.map(phase => ({
      start: phase.start_date,
      end: phase.end_date,
      priceIds: phase.items.map(({ price }) => price),
      planVersionId: phase.metadata?.planVersionId ?? null,
    })),
  }
}

const reductions = z.nullish(z.array(z.object({ amount: minor, type: z.nullish(z.string()) })))
/** Newer versions list discounts among the credits, too; `type` tells them apart. */
const credits = (list: z.output<typeof reductions>) => list?.filter(({ type }) => type !== 'discount')
const sumOf = (list: readonly { readonly amount: bigint }[] | null | undefined): bigint =>
  (list ?? []).reduce((sum, { amount }) => sum + amount, 0n)

const lineSchema = z.object({
  id: z.string(),
  amount: minor,
  quantity: z.nullable(z.int()),
  description: z.nullable(z.string()),
  discount_amounts: reductions,
  pretax_credit_amounts: reductions,
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
  const line = z.parse(lineSchema, payload)
  const { id, amount, quantity, description, period, pricing, parent } = line
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
    reducedMinor: sumOf(line.discount_amounts) + sumOf(credits(line.pretax_credit_amounts)),
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
  subtotal: z.nullish(minor),
  amount_paid: z.nullish(minor),
  amount_remaining: z.nullish(minor),
  starting_balance: z.nullish(minor),
  ending_balance: z.nullish(minor),
  total_discount_amounts: reductions,
  total_pretax_credit_amounts: reductions,
  total_taxes: reductions,
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
    settlement: settlementOf(invoice),
    lines: (lines ?? invoice.lines.data).map(parseInvoiceLine),
  }
}

function settlementOf(invoice: z.output<typeof invoiceSchema>): InvoiceSettlement {
  // A negative balance is credit of the customer's: using it up moves the balance towards zero.
  const moved =
    invoice.ending_balance == null ? 0n : invoice.ending_balance - (invoice.starting_balance ?? 0n)
  return {
    subtotalMinor: invoice.subtotal ?? invoice.total,
    discountMinor: sumOf(invoice.total_discount_amounts),
    creditsMinor: sumOf(credits(invoice.total_pretax_credit_amounts)),
    taxMinor: sumOf(invoice.total_taxes),
    fromBalanceMinor: moved,
    paidMinor: invoice.amount_paid ?? 0n,
    remainingMinor: invoice.amount_remaining ?? 0n,
  }
}

const sessionSchema = z.object({
  id: z.string(),
  status: z.enum(['open', 'complete', 'expired']),
  url: z.nullish(z.string()),
  subscription: z.nullish(reference),
  metadata,
})

export function parseCheckoutSession(payload: unknown): CheckoutSessionView {
  const { id, status, url, subscription, metadata } = z.parse(sessionSchema, payload)
  const accountId = metadata?.accountId ?? null
  return { id, status, url: url ?? null, subscriptionId: subscription ?? null, accountId }
}
