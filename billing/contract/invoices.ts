import * as z from 'zod/mini'
import { instantSchema, minorSchema, periodSchema } from '#kernel/schemas'

/** A priced line of a statement, mirroring one Stripe invoice line. */
export const statementLineSchema = z.object({
  kind: z.enum(['flat_fee', 'tier', 'other']),
  description: z.string(),
  /** Units of a tier line, 1 of a flat fee. */
  quantity: z.int(),
  /** Price of one, in minor units, up to 12 places. */
  unitPriceMinor: z.string(),
  amountMinor: minorSchema,
  period: periodSchema,
})
export type StatementLine = z.output<typeof statementLineSchema>

/** metered + carriedIn − carriedOut − waived = reported = invoiced − credited, all in units. */
export const proofSchema = z.object({
  meteredUnits: z.int(),
  carriedInUnits: z.int(),
  carriedOutUnits: z.int(),
  waivedUnits: z.int(),
  reportedUnits: z.int(),
  /** Stripe's number. */
  invoicedUnits: z.int(),
  /** Of those, taken back by a credit note before anything was collected. */
  creditedUnits: z.optional(z.int()),
  holds: z.boolean(),
})
export type Proof = z.output<typeof proofSchema>

/**
 * Where a close is. `equal`: as our statement. `carried_over`: Stripe billed too little, the rest follows on the next
 * invoice. `credited`: Stripe billed too much, and a credit note took the difference back before collection. `accepted`:
 * an administrator accepted Stripe's invoice as it is. `held`: not collected until an administrator decides.
 */
export const closeSchema = z.enum([
  ...(['draining', 'reporting', 'finalizing', 'comparing'] as const),
  ...(['equal', 'carried_over', 'credited', 'accepted', 'held'] as const),
])
export type Close = z.output<typeof closeSchema>

export const invoiceSummarySchema = z.object({
  invoiceId: z.string(),
  number: z.nullable(z.string()),
  status: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']),
  /** The usage period billed in arrears; for a first invoice the period paid in advance. */
  period: periodSchema,
  createdAt: instantSchema,
  totalMinor: minorSchema,
  currency: z.string(),
  hostedUrl: z.nullable(z.string()),
  pdfUrl: z.nullable(z.string()),
  /** Where the close is: null for an invoice without a metered period. */
  close: z.nullable(closeSchema),
})
export type InvoiceSummary = z.output<typeof invoiceSummarySchema>

export const creditNoteSchema = z.object({
  number: z.string(),
  createdAt: instantSchema,
  /** Tax included. */
  amountMinor: minorSchema,
  memo: z.nullable(z.string()),
  /** Of the amount: sent back to the card, and put on the customer's balance. The rest lowered what was to be paid. */
  refundedMinor: minorSchema,
  toBalanceMinor: minorSchema,
  isVoid: z.boolean(),
})
export type CreditNote = z.output<typeof creditNoteSchema>

export const refundSchema = z.object({
  createdAt: instantSchema,
  amountMinor: minorSchema,
  status: z.string(),
  reason: z.nullable(z.string()),
})

/** From the lines to what is paid, as Stripe computed it; copied, never compared (the statement is net). */
export const settlementSchema = z.object({
  subtotalMinor: minorSchema,
  discountMinor: minorSchema,
  /** Credit that was granted and used up by this invoice. */
  creditsMinor: minorSchema,
  taxMinor: minorSchema,
  totalMinor: minorSchema,
  /** Taken from the customer's balance, or (negative) left on it for the next invoice. */
  fromBalanceMinor: minorSchema,
  paidMinor: minorSchema,
  /** Still to be paid. */
  remainingMinor: minorSchema,
  creditNotes: z.array(creditNoteSchema),
  refunds: z.array(refundSchema),
})
export type Settlement = z.output<typeof settlementSchema>

export const invoiceDetailSchema = z.extend(invoiceSummarySchema, {
  planName: z.string(),
  unit: z.string(),
  /** Stripe's lines. */
  lines: z.array(statementLineSchema),
  /** Our own rated version of the same invoice, from the ledger; null until the close rated it. */
  statement: z.nullable(z.object({ lines: z.array(statementLineSchema), totalMinor: minorSchema })),
  proof: z.nullable(proofSchema),
  settlement: z.optional(settlementSchema),
  /** The files behind the statement; null until they are written. `sha256` is that of their manifest. */
  proofFiles: z.nullish(z.object({ sha256: z.string(), rows: z.int() })),
})
export type InvoiceDetail = z.output<typeof invoiceDetailSchema>
