import * as z from 'zod/mini'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'
import { closeSchema, proofSchema, statementLineSchema } from './invoices.ts'

const invoiceIdSchema = z.string().check(z.regex(/^in_[0-9A-Za-z_]{1,60}$/, 'must be the id of an invoice'))
const ofInvoice = { accountId: accountIdSchema, invoiceId: invoiceIdSchema }
const daySchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day: 2026-11-22'))

/** A line of the statement with its arithmetic: `units × unitPriceMinor = unroundedMinor`, rounded to `amountMinor`. */
export const explainedLineSchema = z.object({
  lineIndex: z.int(),
  kind: z.enum(['flat_fee', 'tier', 'package']),
  description: z.string(),
  /** The owed units that this line prices: the one after `fromUnits` up to and with `toUnits`. */
  fromUnits: z.int(),
  toUnits: z.int(),
  units: z.int(),
  unitPriceMinor: z.string(),
  /** Units of a package; null: the price is that of one unit. */
  perUnits: z.nullable(z.int()),
  /** Exact, as a decimal. */
  unroundedMinor: z.string(),
  amountMinor: minorSchema,
})
export type ExplainedLine = z.output<typeof explainedLineSchema>

/** A request and what it adds to the line that is explained: `billedUnits`, all or (at the edge of a tier) some of `units`. */
export const explainedRequestSchema = z.object({
  id: z.string(),
  usedAt: instantSchema,
  keyId: z.string(),
  route: z.string(),
  status: z.int(),
  units: unitsSchema,
  billedUnits: unitsSchema,
  outcome: z.enum(['charged', 'free', 'failed', 'voided', 'refused']),
})
export type ExplainedRequest = z.output<typeof explainedRequestSchema>

/**
 * One step further down. The units of `rows` (all pages) and `carriedInUnits` add up to those of what was opened. A day
 * named `voided` stands for calls that were billed and turned out to have failed after the close.
 */
export const explainedLevelSchema = z.object({
  of: z.enum(['days', 'keys', 'routes', 'requests']),
  /** Units of the line or day that is opened; of a key or route those of this page. */
  units: unitsSchema,
  /** Of those, brought from earlier invoices: usage that was recorded after they were closed. Only beside days. */
  carriedInUnits: unitsSchema,
  rows: z.array(z.object({ name: z.string(), units: unitsSchema })),
  requests: z.array(explainedRequestSchema),
  /** There is more: rows of the same name on several pages add up. */
  nextCursor: z.nullable(z.string()),
})
export type ExplainedLevel = z.output<typeof explainedLevelSchema>

export const closeSummarySchema = z.object({
  ...ofInvoice,
  period: periodSchema,
  planVersionId: z.string(),
  close: closeSchema,
  /** Why it is held. */
  reason: z.nullable(z.string()),
  closedAt: z.nullable(instantSchema),
  invoicedUnits: z.nullable(z.int()),
  meteredUnits: z.nullable(z.int()),
})
export type CloseSummary = z.output<typeof closeSummarySchema>

/** Stripe's line beside ours; null where the other has none. */
export const comparedLineSchema = z.object({
  stripe: z.nullable(statementLineSchema),
  ours: z.nullable(statementLineSchema),
  equal: z.boolean(),
})
export type ComparedLine = z.output<typeof comparedLineSchema>

export const measureViewSchema = z.object({
  meteredUnits: z.int(),
  carriedInUnits: z.int(),
  carriedOutUnits: z.int(),
  waivedUnits: z.int(),
  owedUnits: z.int(),
})

export const REPAIRS = ['retry', 'credit', 'accept', 'waive'] as const
export type Repair = (typeof REPAIRS)[number]

/** What a repair will do, or has done. Amounts before tax. */
export const repairPlanSchema = z.object({
  /** Names exactly this plan; whoever confirms a preview sends it back. */
  planId: z.string(),
  repair: z.enum(REPAIRS),
  /** What follows, one sentence each. */
  steps: z.array(z.string()),
  owedUnits: z.int(),
  /** What Stripe's invoice bills now; null: a draft, which Stripe will rate again. */
  invoicedUnits: z.nullable(z.int()),
  /** Units that go to the next invoice; negative: they lower it. */
  carryUnits: z.int(),
  waivedUnits: z.int(),
  /** Taken off the invoice by a credit note. */
  creditMinor: minorSchema,
  currency: z.string(),
})
export type RepairPlan = z.output<typeof repairPlanSchema>

const repairInput = {
  ...ofInvoice,
  /** Why; kept in the audit trail. Not needed for a preview. */
  reason: z.optional(z.string().check(z.trim(), z.minLength(3), z.maxLength(500))),
  /** The plan that was previewed; absent: only preview. */
  planId: z.optional(z.string()),
}
const repair = {
  input: z.object(repairInput),
  /** `started`: the execution that carries it out; null in a preview, and when it was started before. */
  output: z.object({ plan: repairPlanSchema, applied: z.boolean(), started: z.nullable(z.string()) }),
}

export const closeHistorySchema = z.object({
  at: instantSchema,
  attempt: z.int(),
  step: z.string(),
  outcome: z.string(),
})

/** A remainder of usage that no invoice follows, and what became of it. */
export const remainderSchema = z.object({
  period: periodSchema,
  /** Negative: the customer had been billed too much. */
  units: z.int(),
  amountMinor: minorSchema,
  currency: z.string(),
  kind: z.enum(['invoice', 'waiver', 'credit']),
  invoiceId: z.nullable(z.string()),
  settledAt: z.nullable(instantSchema),
})
export type Remainder = z.output<typeof remainderSchema>

/**
 * Closes of invoices and their repair, proofs, proof files. Failures: `invoice_not_found`, `not_explained` (nothing was
 * metered for it, or it is not compared yet), `line_not_found`, `close_not_found`, `close_not_held`, `close_changed` (the
 * plan that was previewed is out of date), `repair_not_possible` (the message says why), `proof_not_ready`.
 */
export const closeProcedures = defineContract({
  /**
   * From an invoice to its requests, one step at a time: lines; `lineIndex`: its days; `day`: its keys; `keyId`: its
   * routes; `route`: its requests. Each level adds up exactly to the one above.
   */
  explainInvoice: {
    input: z.object({
      ...ofInvoice,
      lineIndex: z.optional(z.int().check(z.gte(0), z.lte(1_000))),
      day: z.optional(daySchema),
      keyId: z.optional(z.string()),
      route: z.optional(z.string()),
      cursor: z.optional(z.string()),
    }),
    output: z.object({
      period: periodSchema,
      planName: z.string(),
      unit: z.string(),
      currency: z.string(),
      proof: proofSchema,
      /** Recorded after the invoice was closed: on the next one. */
      lateUnits: z.int(),
      lines: z.array(explainedLineSchema),
      totalMinor: minorSchema,
      level: z.nullable(explainedLevelSchema),
    }),
  },
  /** Addresses of the files behind an invoice, for fifteen minutes. The first file is the manifest. */
  getProofFiles: {
    input: z.object(ofInvoice),
    output: z.object({
      /** Of the manifest, which names the SHA-256 of every other file; stored with the statement. */
      sha256: z.string(),
      expiresAt: instantSchema,
      files: z.array(
        z.object({ name: z.string(), url: z.string(), sha256: z.string(), bytes: z.int(), rows: z.int() }),
      ),
    }),
  },
  /** What became of usage of ended subscriptions that no further invoice could carry. */
  listRemainders: {
    input: z.object({ accountId: accountIdSchema }),
    output: z.object({ remainders: z.array(remainderSchema) }),
  },
  /** Held ones, those under way, and the latest of the last three months. Admins. */
  adminListCloses: {
    input: z.object({}),
    output: z.object({
      held: z.array(closeSummarySchema),
      open: z.array(closeSummarySchema),
      /** Ended periods whose invoice has not been seen yet. */
      awaited: z.array(z.object({ accountId: accountIdSchema, end: instantSchema })),
      recent: z.array(closeSummarySchema),
    }),
  },
  /** One close with everything that it knows: Stripe's lines beside ours. Admins. */
  adminGetClose: {
    input: z.object(ofInvoice),
    output: z.object({
      summary: closeSummarySchema,
      planName: z.string(),
      unit: z.string(),
      currency: z.string(),
      invoice: z.object({
        number: z.nullable(z.string()),
        status: z.string(),
        totalMinor: minorSchema,
        hostedUrl: z.nullable(z.string()),
      }),
      measure: z.nullable(measureViewSchema),
      reportedUnits: z.int(),
      /** Stripe's own sum for the period, now. */
      summaryUnits: z.nullable(z.int()),
      lines: z.array(comparedLineSchema),
      statementTotalMinor: minorSchema,
      proof: z.nullable(proofSchema),
      decision: z.nullable(z.object({ repair: z.enum(REPAIRS), reason: z.string(), at: instantSchema })),
      history: z.array(closeHistorySchema),
      work: z.nullable(z.object({ state: z.string(), attempt: z.int(), since: instantSchema })),
    }),
  },
  /** Measures the usage anew and goes on from the report. Admins. */
  adminRetryClose: repair,
  /** Takes the difference back by a credit note, then collects. Admins. */
  adminCreditClose: repair,
  /** Takes Stripe's invoice as it is; the difference goes to the next one. Admins. */
  adminAcceptClose: repair,
  /** Waives units for good, `units` of them or as many as are owed and not invoiced, then goes on. Admins. */
  adminWaiveClose: {
    ...repair,
    input: z.object({ ...repairInput, units: z.optional(z.int().check(z.gte(1))) }),
  },
})
