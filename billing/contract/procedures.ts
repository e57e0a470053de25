import * as z from 'zod/mini'
import { listAuditProcedure } from '#kernel/audit'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'
import { planIdSchema, planVersionSchema } from './catalogue.ts'
import { changeProcedures, openChangeSchema, scheduledChangeSchema } from './changes.ts'
import { closeProcedures } from './closes.ts'
import { invoiceDetailSchema, invoiceSummarySchema } from './invoices.ts'
import { limitProcedures } from './limits.ts'
import { paymentProcedures } from './payments.ts'
import { planProcedures } from './plans.ts'
import { usageSchema } from './usage.ts'

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
  /** A change under way: a Checkout opened, an upgrade that waits for its payment, or a plan being switched on. */
  openChange: z.nullable(openChangeSchema),
  /** What happens at the end of the segment, as it was asked for. */
  scheduled: z.nullable(scheduledChangeSchema),
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
  /**
   * Usage of a period (default: the open segment) from roll-up's totals; `freshAt` says up to when usage is visible. With
   * `keyId`, `route` or both only that usage. Up to 366 days; 92 with a filter, beyond which `byStatus` is null.
   */
  getUsage: {
    input: z.object({
      accountId: accountIdSchema,
      period: z.optional(periodSchema),
      keyId: z.optional(z.string()),
      route: z.optional(z.string()),
    }),
    output: usageSchema,
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
  /** The trail of an account, or of the deployment. */
  listAudit: listAuditProcedure,
  ...changeProcedures,
  ...paymentProcedures,
  ...closeProcedures,
  ...planProcedures,
  ...limitProcedures,
})
