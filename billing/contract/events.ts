import * as z from 'zod/mini'
import { accountIdSchema, instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'
import { planVersionIdSchema } from './catalogue.ts'

/** Facts that billing publishes on the bus with source `tollgate.billing`. They may come late, twice, out of order. */
export const billingEvents = {
  'plan.published': z.object({ planVersionId: planVersionIdSchema, publishedAt: instantSchema }),
  'plan.changed': z.object({
    accountId: accountIdSchema,
    planVersionId: planVersionIdSchema,
    planName: z.string(),
    changedAt: instantSchema,
  }),
  'invoice.closed': z.object({
    accountId: accountIdSchema,
    invoiceId: z.string(),
    number: z.string(),
    period: periodSchema,
    currency: z.string(),
    totalMinor: minorSchema,
    equal: z.boolean(),
  }),
  'payment.failed': z.object({ accountId: accountIdSchema, invoiceId: z.string(), failedAt: instantSchema }),
  'payment.recovered': z.object({
    accountId: accountIdSchema,
    invoiceId: z.string(),
    recoveredAt: instantSchema,
  }),
  'spend.threshold_reached': z.object({
    accountId: accountIdSchema,
    segment: periodSchema,
    planName: z.string(),
    unit: z.string(),
    currency: z.string(),
    of: z.enum(['included_units', 'hard_limit', 'spend_cap']),
    /** 50, 80 or 100. */
    percent: z.int(),
    /** What 100 % is, in units. */
    limitUnits: unitsSchema,
    /** The cap in minor units of metered charges; null for the other kinds. */
    limitMinor: z.nullable(minorSchema),
  }),
} as const
export type BillingEventType = keyof typeof billingEvents

/** What the webhook puts on the bus with source `tollgate.stripe`, detail type = Stripe's event type. Consumers refetch the object. */
export const stripeNotificationSchema = z.object({
  id: z.string(),
  type: z.string(),
  objectId: z.string(),
  object: z.string(),
})
export type StripeNotification = z.output<typeof stripeNotificationSchema>
