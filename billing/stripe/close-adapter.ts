import Stripe from 'stripe'
import * as z from 'zod/mini'
import type { CreditNote, Settlement } from '#billing/contract'
import { fromUnixSeconds, type Period, toUnixSeconds } from '#kernel/time'
import type { CallStripe } from './adapter.ts'

export type CreditNoteView = CreditNote & {
  /** Names the plan of ours that it carries out; null: somebody else's. */
  readonly planId: string | null
}
export type RefundView = Settlement['refunds'][number]

/** What closes need of Stripe beyond `InvoiceStripe`. */
export interface CloseStripe {
  /** Newest first. */
  listCreditNotes(invoiceId: string): Promise<readonly CreditNoteView[]>
  /** Refunds of what was paid for an invoice, whoever made them. Newest first. */
  listRefunds(invoiceId: string): Promise<readonly RefundView[]>
  /**
   * Credits parts of lines (after discounts and credit), tax in proportion. What is more than is left to be paid, in part or
   * in whole, goes to the customer's balance.
   */
  creditLines(note: {
    readonly invoiceId: string
    readonly lines: readonly { readonly lineId: string; readonly amountMinor: bigint }[]
    readonly memo: string
    readonly planId: string
    /** What is left to be paid of the invoice, tax included. */
    readonly remainingMinor: bigint
    readonly idempotencyKey: string
  }): Promise<void>
  /** An empty draft of an invoice that belongs to no subscription and finalizes nothing by itself. Its id. */
  createOneOffInvoice(invoice: {
    readonly customerId: string
    readonly accountId: string
    readonly currency: string
    readonly name: string
    /** The card that pays it; null: the customer's default. One that is there no more is left out. */
    readonly paymentMethodId: string | null
    /** Stripe computes tax on it. Absent: it does not. */
    readonly automaticTax?: boolean
  }): Promise<string>
  addOneOffItem(item: {
    readonly customerId: string
    readonly invoiceId: string
    readonly name: string
    readonly description: string
    readonly amountMinor: string
    readonly currency: string
    readonly period: Period
  }): Promise<void>
}

const PAGE = 100

export const closeAdapter = (call: CallStripe): CloseStripe => ({
  listCreditNotes: invoice =>
    call('list credit notes', async stripe => {
      const { data } = await stripe.creditNotes.list({ invoice, limit: PAGE })
      return data.map(parseCreditNote)
    }),

  listRefunds: invoice =>
    call('list refunds', async stripe => {
      const payments = await stripe.invoicePayments.list({ invoice, limit: PAGE })
      const refunds: RefundView[] = []
      for (const payment of payments.data) {
        const { payment_intent } = z.parse(paymentSchema, payment.payment)
        if (!payment_intent) continue
        const { data } = await stripe.refunds.list({ payment_intent, limit: PAGE })
        refunds.push(...data.map(parseRefund))
      }
      return refunds
    }),

  creditLines: ({ invoiceId, lines, memo, planId, remainingMinor, idempotencyKey }) =>
    call('create credit note', async stripe => {
      const note = {
        ...{ invoice: invoiceId, memo, metadata: { planId } },
        lines: lines.map(({ lineId, amountMinor }) => ({
          ...{ type: 'invoice_line_item' as const, invoice_line_item: lineId, amount: Number(amountMinor) },
        })),
      }
      const netMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
      const paidMinor = netMinor + (await taxOf(stripe, invoiceId, lines)) - remainingMinor
      const toBalance = paidMinor > 0n ? { credit_amount: Number(paidMinor) } : {}
      await stripe.creditNotes.create({ ...note, ...toBalance }, { idempotencyKey })
    }),

  createOneOffInvoice: ({ customerId, accountId, currency, name, paymentMethodId, automaticTax }) =>
    call('create invoice', async stripe => {
      const invoice = {
        ...{ customer: customerId, currency, auto_advance: false, metadata: { accountId, remainder: name } },
        pending_invoice_items_behavior: 'exclude' as const,
        ...(automaticTax && { automatic_tax: { enabled: true } }),
      }
      // A subscription has its card for itself: the customer may have no other, or have taken this one away.
      const withCard = { ...invoice, ...(paymentMethodId && { default_payment_method: paymentMethodId }) }
      const idempotencyKey = `invoice-${name}`
      try {
        return (await stripe.invoices.create(withCard, { idempotencyKey })).id
      } catch (error) {
        if (paymentMethodId === null || !isMissing(error)) throw error
        return (await stripe.invoices.create(invoice, { idempotencyKey: `${idempotencyKey}-no-card` })).id
      }
    }),

  addOneOffItem: ({ customerId, invoiceId, name, description, amountMinor, currency, period }) =>
    call('create invoice item', async stripe => {
      await stripe.invoiceItems.create(
        {
          ...{ customer: customerId, invoice: invoiceId, description, currency, amount: Number(amountMinor) },
          period: { start: toUnixSeconds(period.start), end: toUnixSeconds(period.end) },
        },
        { idempotencyKey: `item-${name}` },
      )
    }),
})

const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.code === 'resource_missing'

type CreditedLines = Parameters<CloseStripe['creditLines']>[0]['lines']

const sumOf = (amounts: readonly { readonly amount: bigint }[] | null | undefined): bigint =>
  (amounts ?? []).reduce((sum, { amount }) => sum + amount, 0n)

/** The tax that Stripe adds to a credit: the lines' own, in proportion to what they cost after discounts and credit. */
async function taxOf(stripe: Stripe, invoiceId: string, lines: CreditedLines): Promise<bigint> {
  const { data } = await stripe.invoices.listLineItems(invoiceId, { limit: PAGE })
  const all = z.parse(z.array(taxedLineSchema), data)
  return lines.reduce((sum, { lineId, amountMinor }) => {
    const line = all.find(({ id }) => id === lineId)
    const taxMinor = sumOf(line?.taxes)
    const netMinor = (line?.amount ?? 0n) - sumOf(line?.pretax_credit_amounts)
    return netMinor === 0n ? sum : sum + (2n * taxMinor * amountMinor + netMinor) / (2n * netMinor)
  }, 0n)
}

const minor = z.pipe(
  z.int(),
  z.transform((value: number) => BigInt(value)),
)
const reference = z.pipe(
  z.union([z.string(), z.object({ id: z.string() })]),
  z.transform(value => (typeof value === 'string' ? value : value.id)),
)
const seconds = z.pipe(z.int(), z.transform(fromUnixSeconds))
const paymentSchema = z.object({ payment_intent: z.nullish(reference) })
const taxedLineSchema = z.object({
  id: z.string(),
  amount: minor,
  taxes: z.nullish(z.array(z.object({ amount: minor }))),
  /** Discounts and credit alike. */
  pretax_credit_amounts: z.nullish(z.array(z.object({ amount: minor }))),
})

const noteSchema = z.object({
  number: z.string(),
  created: seconds,
  amount: minor,
  memo: z.nullish(z.string()),
  status: z.string(),
  metadata: z.nullish(z.record(z.string(), z.string())),
  pre_payment_amount: z.nullish(minor),
  post_payment_amount: z.nullish(minor),
  refunds: z.nullish(z.array(z.object({ amount_refunded: minor }))),
  customer_balance_transaction: z.nullish(reference),
})

export function parseCreditNote(payload: unknown): CreditNoteView {
  const note = z.parse(noteSchema, payload)
  const refunded = (note.refunds ?? []).reduce((sum, { amount_refunded }) => sum + amount_refunded, 0n)
  const after = note.post_payment_amount ?? 0n
  return {
    ...{ number: note.number, createdAt: note.created, amountMinor: String(note.amount) },
    ...{ memo: note.memo ?? null, isVoid: note.status === 'void', planId: note.metadata?.planId ?? null },
    refundedMinor: String(refunded),
    toBalanceMinor: String(note.customer_balance_transaction ? after - refunded : 0n),
  }
}

const refundSchema = z.object({
  created: seconds,
  amount: minor,
  status: z.nullish(z.string()),
  reason: z.nullish(z.string()),
})

export function parseRefund(payload: unknown): RefundView {
  const { created, amount, status, reason } = z.parse(refundSchema, payload)
  return { createdAt: created, amountMinor: String(amount), status: status ?? '', reason: reason ?? null }
}
