import * as z from 'zod/mini'
import { accountIdSchema, instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'
import { planVersionIdSchema } from './catalogue.ts'

/** An invoice that is not paid although it should be, and what happens when. */
const unpaidInvoice = z.object({
  accountId: accountIdSchema,
  invoiceId: z.string(),
  number: z.nullable(z.string()),
  remainingMinor: minorSchema,
  currency: z.string(),
  /** Stripe's page on which it can be paid. */
  hostedUrl: z.nullable(z.string()),
  needsAuthentication: z.boolean(),
  failedAt: instantSchema,
  blockAt: instantSchema,
  cancelAt: instantSchema,
})

/** Facts that billing publishes on the bus with source `tollgate.billing`. They may come late, twice, out of order. */
export const billingEvents = {
  'plan.published': z.object({ planVersionId: planVersionIdSchema, publishedAt: instantSchema }),
  'plan.changed': z.object({
    accountId: accountIdSchema,
    planVersionId: planVersionIdSchema,
    planName: z.string(),
    changedAt: instantSchema,
  }),
  /** The owner moves the account to another version of its plan at `at`, its renewal. Amounts in minor units. */
  'plan.migration_scheduled': z.object({
    accountId: accountIdSchema,
    fromVersionId: planVersionIdSchema,
    toVersionId: planVersionIdSchema,
    at: instantSchema,
    planName: z.string(),
    flatFeeMinor: minorSchema,
    includedUnits: unitsSchema,
    currency: z.string(),
    unit: z.string(),
  }),
  /** It stays on the version that it has. */
  'plan.migration_undone': z.object({ accountId: accountIdSchema, planName: z.string() }),
  'invoice.closed': z.object({
    accountId: accountIdSchema,
    invoiceId: z.string(),
    number: z.string(),
    period: periodSchema,
    currency: z.string(),
    totalMinor: minorSchema,
    equal: z.boolean(),
  }),
  /** The payment of an invoice failed for the first time. `needsAuthentication`: the bank wants a confirmation. */
  'payment.failed': unpaidInvoice,
  /** It failed for another reason before; now the bank wants a confirmation. */
  'payment.authentication_needed': unpaidInvoice,
  'payment.overdue': z.extend(unpaidInvoice, {
    stage: z.enum(['reminder', 'last_warning', 'blocked', 'cancelled']),
  }),
  'payment.recovered': z.object({
    accountId: accountIdSchema,
    invoiceId: z.string(),
    number: z.nullable(z.string()),
    recoveredAt: instantSchema,
    /** `forgiven`: the invoice was voided or written off. */
    how: z.enum(['paid', 'forgiven']),
    /** Calls were refused because of this invoice. */
    wasBlocked: z.boolean(),
  }),
  'suspension.placed': z.object({
    accountId: accountIdSchema,
    reason: z.string(),
    /** The invoice whose charge is disputed; null when an administrator suspended. */
    invoiceId: z.nullable(z.string()),
    placedAt: instantSchema,
  }),
  'suspension.lifted': z.object({ accountId: accountIdSchema, liftedAt: instantSchema }),
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
