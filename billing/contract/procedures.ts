import * as z from 'zod/mini'
import { listAuditProcedure } from '#kernel/audit'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'
import { catalogueSchema, planIdSchema, planVersionIdSchema, planVersionSchema } from './catalogue.ts'
import { changeProcedures } from './changes.ts'
import { closeProcedures } from './closes.ts'
import { limitProcedures } from './limits.ts'
import { paymentProcedures } from './payments.ts'
import { planProcedures } from './plans.ts'

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

/** metered + carriedIn − carriedOut − waived = reported = invoiced, all in units. */
export const proofSchema = z.object({
  meteredUnits: z.int(),
  carriedInUnits: z.int(),
  carriedOutUnits: z.int(),
  waivedUnits: z.int(),
  reportedUnits: z.int(),
  invoicedUnits: z.int(),
  holds: z.boolean(),
})
export type Proof = z.output<typeof proofSchema>

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
  close: z.nullable(
    z.enum(['draining', 'reporting', 'finalizing', 'comparing', 'equal', 'carried_over', 'credited', 'held']),
  ),
})
export type InvoiceSummary = z.output<typeof invoiceSummarySchema>

export const invoiceDetailSchema = z.extend(invoiceSummarySchema, {
  planName: z.string(),
  unit: z.string(),
  /** Stripe's lines. */
  lines: z.array(statementLineSchema),
  /** Our own rated version of the same invoice, from the ledger; null until the close rated it. */
  statement: z.nullable(z.object({ lines: z.array(statementLineSchema), totalMinor: minorSchema })),
  proof: z.nullable(proofSchema),
})
export type InvoiceDetail = z.output<typeof invoiceDetailSchema>

export const usageHourSchema = z.object({
  hour: z.string(),
  calls: unitsSchema,
  /** Calls with status 400 and above (units 0). */
  failed: unitsSchema,
  units: unitsSchema,
})

/**
 * One request of an account, as the ledger knows it. `outcome` says why it cost what it did: `charged`; `free` (served,
 * nothing to charge); `failed` (status 400 and above); `voided` (served, but its client saw a failure of ours);
 * `refused` (stopped before it was served: limits, blocks).
 */
export const requestSchema = z.object({
  id: z.string(),
  usedAt: instantSchema,
  keyId: z.string(),
  route: z.string(),
  /** What the client saw. */
  status: z.int(),
  /** Null for a refused request: it was not served. */
  durationMs: z.nullable(z.int()),
  units: unitsSchema,
  outcome: z.enum(['charged', 'free', 'failed', 'voided', 'refused']),
})
export type RequestView = z.output<typeof requestSchema>

export const subscriptionViewSchema = z.object({
  accountId: accountIdSchema,
  plan: planVersionSchema,
  segment: periodSchema,
  /** `none` on Free. */
  stripeStatus: z.enum(['none', 'incomplete', 'active', 'past_due', 'unpaid', 'canceled']),
  unitsUsed: unitsSchema,
  includedUnits: unitsSchema,
  hardLimitUnits: z.nullable(unitsSchema),
  /** Flat fee plus metered charges so far, rated by the same engine as the statement. */
  costSoFarMinor: minorSchema,
  /**
   * Where the segment will end if the coming days are like the last ones, within the limit, and what it will cost; the
   * band holds four times in five. Null until one whole day is known.
   */
  forecast: z.nullable(
    z.object({
      lowUnits: unitsSchema,
      units: unitsSchema,
      highUnits: unitsSchema,
      lowMinor: minorSchema,
      costMinor: minorSchema,
      highMinor: minorSchema,
    }),
  ),
  currency: z.string(),
  /** A change under way: a Checkout opened or a purchase being switched on. */
  openChange: z.nullable(
    z.object({ planId: planIdSchema, state: z.enum(['checkout_open', 'switching']), since: instantSchema }),
  ),
  freshAt: instantSchema,
})
export type SubscriptionView = z.output<typeof subscriptionViewSchema>

const account = z.object({ accountId: accountIdSchema })

/**
 * Procedures of billing. A customer actor may only name its own account (else `not_found`); `admin…` need an admin.
 * Failures: `account_not_ready`, `plan_not_found`, `plan_change_refused` (message says why), `already_on_plan`,
 * `invoice_not_found`, `not_found`, `forbidden`, `invalid_request`.
 */
export const billingContract = defineContract({
  /** The live price list: newest published version of every plan that is not archived. Any actor. */
  listPlans: {
    input: z.object({}),
    output: z.object({ currency: z.string(), plans: z.array(planVersionSchema) }),
  },
  getSubscription: { input: account, output: subscriptionViewSchema },
  /** Hour totals of a period (default: the open segment), from roll-up; `freshAt` says up to when usage is visible. */
  getUsage: {
    input: z.object({ accountId: accountIdSchema, period: z.optional(periodSchema) }),
    output: z.object({
      period: periodSchema,
      hours: z.array(usageHourSchema),
      byRoute: z.record(z.string(), unitsSchema),
      freshAt: instantSchema,
    }),
  },
  /**
   * The requests of the last 30 days, newest first, refused ones included. A search reads a bounded stretch of the
   * ledger: it may find fewer than `limit` and still go on; `nextCursor` continues it, `searchedTo` says how far it got.
   */
  listRequests: {
    input: z.object({
      accountId: accountIdSchema,
      keyId: z.optional(z.string()),
      route: z.optional(z.string()),
      outcome: z.optional(requestSchema.shape.outcome),
      /** One request by its id. */
      id: z.optional(z.string()),
      cursor: z.optional(z.string()),
      limit: z.optional(z.int().check(z.gte(1), z.lte(100))),
    }),
    output: z.object({
      requests: z.array(requestSchema),
      nextCursor: z.nullable(z.string()),
      searchedTo: instantSchema,
      freshAt: instantSchema,
    }),
  },
  /** Last use of each key, for the key list. */
  keyUsage: {
    input: account,
    output: z.object({
      keys: z.array(
        z.object({ keyId: z.string(), lastUsedAt: instantSchema, units: unitsSchema, calls: unitsSchema }),
      ),
    }),
  },
  /** One open session per account: a second call returns the same session's URL, or expires it when the plan differs. */
  startCheckout: {
    input: z.object({
      accountId: accountIdSchema,
      email: z.string(),
      planId: planIdSchema,
      successUrl: z.string(),
      cancelUrl: z.string(),
    }),
    output: z.object({ url: z.string() }),
  },
  /** Stripe's own page for cards, addresses and receipts. */
  openBillingPortal: {
    input: z.object({ accountId: accountIdSchema, returnUrl: z.string() }),
    output: z.object({ url: z.string() }),
  },
  listInvoices: { input: account, output: z.object({ invoices: z.array(invoiceSummarySchema) }) },
  getInvoice: {
    input: z.object({ accountId: accountIdSchema, invoiceId: z.string() }),
    output: invoiceDetailSchema,
  },
  /** Starts `publish-plan` for every plan that differs from its newest version. Operator or admin. */
  applyPlans: {
    input: z.object({ catalogue: catalogueSchema }),
    output: z.object({
      published: z.array(planVersionIdSchema),
      unchanged: z.array(planVersionIdSchema),
      started: z.array(z.string()),
    }),
  },
  /** Every version of every plan with how many accounts are on it. */
  adminListPlans: {
    input: z.object({}),
    output: z.object({
      currency: z.string(),
      versions: z.array(z.extend(planVersionSchema, { live: z.boolean(), accounts: unitsSchema })),
    }),
  },
  /** The trail of an account, or of the deployment. */
  listAudit: listAuditProcedure,
  ...changeProcedures,
  ...paymentProcedures,
  ...closeProcedures,
  ...planProcedures,
  ...limitProcedures,
})
