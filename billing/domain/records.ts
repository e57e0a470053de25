import * as z from 'zod/mini'
import { entitlementSchema } from '#api/contract'
import { accountIdSchema, instantSchema, keyIdSchema, minorSchema, unitsSchema } from '#kernel/schemas'

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
  /** Spend cap in minor units; absent: the plan's default rule; null: none by choice. */
  spendCapMinor: z.optional(z.nullable(minorSchema)),
  /** When that choice was made and what it became, oldest first: a bill keeps the cap that each stretch of it had. */
  spendCapChanges: z.optional(z.array(z.object({ at: instantSchema, capMinor: z.nullable(minorSchema) }))),
  /** Most units that a key may use in a segment. */
  keyCaps: z.optional(z.record(keyIdSchema, unitsSchema)),
  /** What Stripe will change at the end of the running period, as it was last read there; null or absent: nothing. */
  scheduled: z.nullish(
    z.object({
      kind: z.enum(['downgrade', 'renewal', 'cancel']),
      /** Null of a cancellation: what follows is Free. */
      planVersionId: z.nullable(z.string()),
      at: instantSchema,
    }),
  ),
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
