import * as z from 'zod/mini'
import { entitlementSchema } from '#api/contract'
import { accountIdSchema, instantSchema, unitsSchema } from '#kernel/schemas'

/** An account as billing knows it. */
export const accountSchema = z.object({
  accountId: accountIdSchema,
  openedAt: instantSchema,
  /** Stripe customer, made at the first purchase. */
  customerId: z.nullable(z.string()),
  /** Live Stripe subscription of the current plan; null on Free. */
  subscriptionId: z.nullable(z.string()),
  planVersionId: z.string(),
  /** Version of the newest entitlement that billing computed. */
  entitlementVersion: z.int(),
  blocks: z.array(z.enum(['unpaid', 'suspended', 'closed'])),
  /** The newest entitlement that billing computed; its version rises only when its content changes. */
  entitlement: z.optional(entitlementSchema),
  /** Counts the changes of this item; absent before the first. */
  revision: z.optional(z.int()),
  /** When the first invoice with usage on it was paid; until then a payer has the plan's default cap. */
  usageInvoicePaidAt: z.optional(instantSchema),
})
export type Account = z.output<typeof accountSchema>

/** A stretch of one account on one subscription period (see the words in the README). */
export const segmentSchema = z.object({
  accountId: accountIdSchema,
  start: instantSchema,
  /** Stripe's period end, the instant of cancellation that Stripe returned, or the end of the UTC month on Free. */
  end: instantSchema,
  planVersionId: z.string(),
  subscriptionId: z.nullable(z.string()),
  /** Units carried into this segment from closed ones; may be negative. Fixed when the segment is closed. */
  carriedInUnits: z.int(),
  /** Stripe's number on the finalized, non-void invoice; null while there is none. */
  invoicedUnits: z.nullable(z.int()),
  waivedUnits: z.int(),
  closedAt: z.nullable(instantSchema),
  /** The fold of a segment so old that nothing more can arrive for it. */
  settledUnits: z.optional(unitsSchema),
})
export type Segment = z.output<typeof segmentSchema>
