import * as z from 'zod/mini'
import type { CreditGrant, Discount } from '#billing/contract'
import { fromUnixSeconds, type Instant } from '#kernel/time'
import type { ChargeView, Collection, CreditNoteView, DisputeView } from '../payments/ports.ts'

/** What billing reads of Stripe's objects around payments, parsed. Shapes: API 2026-10-28.endive. */
const seconds = z.pipe(z.int(), z.transform(fromUnixSeconds))
const minor = z.pipe(
  z.int(),
  z.transform((value: number) => BigInt(value)),
)
const reference = z.pipe(
  z.union([z.string(), z.object({ id: z.string() })]),
  z.transform(value => (typeof value === 'string' ? value : value.id)),
)

const collectionSchema = z.object({
  id: z.string(),
  status: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']),
  customer: reference,
  billing_reason: z.nullable(z.string()),
  number: z.nullable(z.string()),
  currency: z.string(),
  total: minor,
  amount_remaining: minor,
  pre_payment_credit_notes_amount: minor,
  post_payment_credit_notes_amount: minor,
  attempted: z.boolean(),
  attempt_count: z.int(),
  hosted_invoice_url: z.nullish(z.string()),
  parent: z.nullish(
    z.object({ subscription_details: z.nullish(z.object({ subscription: z.nullable(reference) })) }),
  ),
})

export function parseCollection(payload: unknown, needsAuthentication = false): Collection {
  const invoice = z.parse(collectionSchema, payload)
  return {
    id: invoice.id,
    status: invoice.status,
    customerId: invoice.customer,
    subscriptionId: invoice.parent?.subscription_details?.subscription ?? null,
    billingReason: invoice.billing_reason,
    number: invoice.number,
    currency: invoice.currency,
    totalMinor: invoice.total,
    remainingMinor: invoice.amount_remaining,
    creditedMinor: invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount,
    attempted: invoice.attempted || invoice.attempt_count > 0,
    needsAuthentication,
    hostedUrl: invoice.hosted_invoice_url ?? null,
  }
}

const money = z.object({ monetary: z.nullish(z.object({ currency: z.string(), value: z.int() })) })
const grantSchema = z.object({
  id: z.string(),
  name: z.nullish(z.string()),
  amount: money,
  effective_at: z.nullish(seconds),
  created: seconds,
  expires_at: z.nullish(seconds),
  voided_at: z.nullish(seconds),
  metadata: z.record(z.string(), z.string()),
})

/** A grant and what is left of it: the sum of its transactions. */
export function parseGrant(
  payload: unknown,
  remainingMinor: bigint,
  now: Instant,
): CreditGrant & { readonly requestKey: string | null } {
  const grant = z.parse(grantSchema, payload)
  const isExpired = grant.expires_at != null && grant.expires_at <= now
  return {
    grantId: grant.id,
    reason: grant.metadata.reason ?? grant.name ?? '',
    amountMinor: String(grant.amount.monetary?.value ?? 0),
    remainingMinor: String(remainingMinor),
    grantedAt: grant.effective_at ?? grant.created,
    expiresAt: grant.expires_at ?? null,
    status:
      grant.voided_at != null ? 'void' : isExpired ? 'expired' : remainingMinor === 0n ? 'used' : 'active',
    requestKey: grant.metadata.requestKey ?? null,
  }
}

const transactionSchema = z.object({
  credit_grant: reference,
  credit: z.nullish(z.object({ amount: money })),
  debit: z.nullish(z.object({ amount: money })),
})

/** What each grant has left, by its id. */
export function sumTransactions(payloads: readonly unknown[]): ReadonlyMap<string, bigint> {
  const left = new Map<string, bigint>()
  for (const payload of payloads) {
    const { credit_grant, credit, debit } = z.parse(transactionSchema, payload)
    const moved = (credit?.amount.monetary?.value ?? 0) - (debit?.amount.monetary?.value ?? 0)
    left.set(credit_grant, (left.get(credit_grant) ?? 0n) + BigInt(moved))
  }
  return left
}

const couponSchema = z.object({
  id: z.string(),
  name: z.nullish(z.string()),
  percent_off: z.nullish(z.number()),
  amount_off: z.nullish(z.int()),
  duration: z.enum(['once', 'repeating', 'forever']),
  duration_in_months: z.nullish(z.int()),
})
const discountsSchema = z.object({
  discounts: z.array(
    z.object({
      id: z.string(),
      end: z.nullish(seconds),
      source: z.object({ coupon: couponSchema }),
    }),
  ),
})

/** The discounts of a subscription that was read with `discounts.source.coupon` expanded. */
export function parseDiscounts(payload: unknown): (Discount & { readonly couponId: string })[] {
  return z.parse(discountsSchema, payload).discounts.map(({ id, end, source: { coupon } }) => ({
    discountId: id,
    couponId: coupon.id,
    name: coupon.name ?? '',
    percentOff: coupon.percent_off ?? null,
    amountOffMinor: coupon.amount_off == null ? null : String(coupon.amount_off),
    duration: coupon.duration,
    months: coupon.duration_in_months ?? null,
    endsAt: end ?? null,
  }))
}

const chargeSchema = z.object({
  id: z.string(),
  customer: z.nullish(reference),
  currency: z.string(),
  amount: minor,
  amount_refunded: minor,
  payment_intent: z.nullish(reference),
})

export function parseCharge(payload: unknown): ChargeView & {
  readonly amountMinor: bigint
  readonly paymentIntentId: string | null
} {
  const charge = z.parse(chargeSchema, payload)
  return {
    id: charge.id,
    customerId: charge.customer ?? null,
    currency: charge.currency,
    amountMinor: charge.amount,
    refundedMinor: charge.amount_refunded,
    paymentIntentId: charge.payment_intent ?? null,
  }
}

const disputeSchema = z.object({ id: z.string(), charge: reference, reason: z.string(), status: z.string() })

/** `warning_…`: the bank asks, no money was taken. `prevented` ends it in the customer's favour before it began. */
export function parseDispute(payload: unknown): Omit<DisputeView, 'customerId' | 'invoiceId'> {
  const { id, charge, reason, status } = z.parse(disputeSchema, payload)
  const kind = status.startsWith('warning_')
    ? 'inquiry'
    : status === 'won' || status === 'lost'
      ? status
      : status === 'prevented'
        ? 'inquiry'
        : 'open'
  return { id, chargeId: charge, reason, status: kind }
}

const intentSchema = z.object({
  status: z.string(),
  latest_charge: z.nullish(reference),
})
const invoicePaymentSchema = z.object({
  status: z.string(),
  invoice: reference,
  payment: z.object({ payment_intent: z.nullish(z.unknown()) }),
})
export type InvoicePayment = {
  readonly status: string
  readonly invoiceId: string
  readonly intent: { readonly status: string; readonly chargeId: string | null } | null
}

/** A payment of an invoice; its intent as far as it was expanded. */
export function parseInvoicePayment(payload: unknown): InvoicePayment {
  const { status, invoice, payment } = z.parse(invoicePaymentSchema, payload)
  const intent = z.safeParse(intentSchema, payment.payment_intent)
  return {
    status,
    invoiceId: invoice,
    intent: intent.success
      ? { status: intent.data.status, chargeId: intent.data.latest_charge ?? null }
      : null,
  }
}

const creditNoteSchema = z.object({
  id: z.string(),
  status: z.string(),
  pre_payment_amount: minor,
  post_payment_amount: minor,
  refunds: z.array(z.object({ amount_refunded: minor })),
  metadata: z.nullish(z.record(z.string(), z.string())),
})

/** `toBalanceMinor`: what of it went to the customer's balance, or back outside Stripe. */
export function parseCreditNote(
  payload: unknown,
): CreditNoteView & { readonly isVoid: boolean; readonly requestKey: string | null } {
  const note = z.parse(creditNoteSchema, payload)
  const refunded = note.refunds.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0n)
  return {
    id: note.id,
    isVoid: note.status === 'void',
    refundMinor: refunded,
    toBalanceMinor: note.post_payment_amount - refunded,
    reducedMinor: note.pre_payment_amount,
    requestKey: note.metadata?.requestKey ?? null,
  }
}
