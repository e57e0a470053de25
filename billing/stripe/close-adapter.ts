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
  /** Credits parts of lines, tax in proportion. What was paid already goes to the customer's balance. */
  creditLines(note: {
    readonly invoiceId: string
    readonly lines: readonly { readonly lineId: string; readonly amountMinor: bigint }[]
    readonly memo: string
    readonly planId: string
    /** Nothing of the invoice is left to be paid. */
    readonly isPaid: boolean
    readonly idempotencyKey: string
  }): Promise<void>
  /** An empty draft of an invoice that belongs to no subscription and finalizes nothing by itself. Its id. */
  createOneOffInvoice(invoice: {
    readonly customerId: string
    readonly accountId: string
    readonly currency: string
    readonly name: string
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

  creditLines: ({ invoiceId, lines, memo, planId, isPaid, idempotencyKey }) =>
    call('create credit note', async stripe => {
      const note = {
        ...{ invoice: invoiceId, memo, metadata: { planId } },
        lines: lines.map(({ lineId, amountMinor }) => ({
          ...{ type: 'invoice_line_item' as const, invoice_line_item: lineId, amount: Number(amountMinor) },
        })),
      }
      const net = lines.reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0)
      const toBalance = isPaid ? { credit_amount: net + (await taxOf(stripe, invoiceId, lines)) } : {}
      await stripe.creditNotes.create({ ...note, ...toBalance }, { idempotencyKey })
    }),

  createOneOffInvoice: ({ customerId, accountId, currency, name, automaticTax }) =>
    call('create invoice', async stripe => {
      const { id } = await stripe.invoices.create(
        {
          ...{
            customer: customerId,
            currency,
            auto_advance: false,
            metadata: { accountId, remainder: name },
          },
          pending_invoice_items_behavior: 'exclude',
          ...(automaticTax && { automatic_tax: { enabled: true } }),
        },
        { idempotencyKey: `invoice-${name}` },
      )
      return id
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

type CreditedLines = Parameters<CloseStripe['creditLines']>[0]['lines']

/** The tax that Stripe adds to a credit: the lines' own, in proportion. */
async function taxOf(
  stripe: Parameters<Parameters<CallStripe>[1]>[0],
  invoiceId: string,
  lines: CreditedLines,
): Promise<number> {
  const { data } = await stripe.invoices.listLineItems(invoiceId, { limit: PAGE })
  const all = z.parse(z.array(taxedLineSchema), data)
  return lines.reduce((sum, { lineId, amountMinor }) => {
    const line = all.find(({ id }) => id === lineId)
    const taxMinor = (line?.taxes ?? []).reduce((taxes, { amount }) => taxes + amount, 0n)
    const netMinor = line ? line.amount : 0n
    return netMinor === 0n ? sum : sum + Number((2n * taxMinor * amountMinor + netMinor) / (2n * netMinor))
  }, 0)
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
