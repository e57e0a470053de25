import * as z from 'zod/mini'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, minorSchema } from '#kernel/schemas'

/** Why somebody with the power to move money does it: kept in the audit trail. */
const actionReason = z.string().check(z.trim(), z.minLength(3), z.maxLength(500))
/** Names one request of a person: sending the same form twice does the thing once. */
const requestKey = z.string().check(z.regex(/^[0-9A-Za-z_-]{8,64}$/))
const positiveMinor = z.string().check(z.regex(/^[1-9]\d{0,11}$/))
const invoiceIdSchema = z.string().check(z.regex(/^in_[0-9A-Za-z_]{1,60}$/))

/** An invoice whose payment failed, and what happens when. Ended ones are not shown. */
export const paymentProblemSchema = z.object({
  invoiceId: z.string(),
  number: z.nullable(z.string()),
  remainingMinor: minorSchema,
  currency: z.string(),
  /** Stripe's page on which anybody who has the address can pay it. */
  hostedUrl: z.nullable(z.string()),
  /** The bank wants its customer to confirm the payment. */
  needsAuthentication: z.boolean(),
  failedAt: instantSchema,
  /** Calls are refused from then on. */
  blockAt: instantSchema,
  blockedAt: z.nullable(instantSchema),
  /** The subscription ends then. */
  cancelAt: instantSchema,
  cancelledAt: z.nullable(instantSchema),
})
export type PaymentProblem = z.output<typeof paymentProblemSchema>

/** Credit that pays usage charges (not the monthly fee) of coming invoices, after discounts and before tax. */
export const creditGrantSchema = z.object({
  grantId: z.string(),
  reason: z.string(),
  amountMinor: minorSchema,
  remainingMinor: minorSchema,
  grantedAt: instantSchema,
  expiresAt: z.nullable(instantSchema),
  status: z.enum(['active', 'used', 'expired', 'void']),
})
export type CreditGrant = z.output<typeof creditGrantSchema>

/** A discount on the invoices of the current subscription: a percentage or an amount, never both. */
export const discountSchema = z.object({
  discountId: z.string(),
  name: z.string(),
  percentOff: z.nullable(z.number()),
  amountOffMinor: z.nullable(minorSchema),
  duration: z.enum(['once', 'repeating', 'forever']),
  months: z.nullable(z.int()),
  endsAt: z.nullable(instantSchema),
})
export type Discount = z.output<typeof discountSchema>

/** Why all calls of an account are refused, by an administrator or because a charge is disputed. */
export const suspensionSchema = z.object({
  /** `admin`, or the id of Stripe's dispute. */
  cause: z.string(),
  reason: z.string(),
  since: instantSchema,
  /** The invoice whose charge is disputed. */
  invoiceId: z.nullable(z.string()),
  /** `lost`: the bank decided for its customer; an administrator decides what follows. */
  dispute: z.nullable(z.enum(['open', 'lost'])),
})
export type Suspension = z.output<typeof suspensionSchema>

export const paymentsViewSchema = z.object({
  accountId: accountIdSchema,
  currency: z.string(),
  blocks: z.array(z.enum(['unpaid', 'suspended', 'closed'])),
  problems: z.array(paymentProblemSchema),
  suspensions: z.array(suspensionSchema),
  /** What unused credit is left in all. */
  creditMinor: minorSchema,
  credits: z.array(creditGrantSchema),
  discounts: z.array(discountSchema),
})
export type PaymentsView = z.output<typeof paymentsViewSchema>

export const accountRowSchema = z.object({
  accountId: accountIdSchema,
  planVersionId: z.string(),
  planName: z.string(),
  openedAt: instantSchema,
  blocks: z.array(z.enum(['unpaid', 'suspended', 'closed'])),
  payment: z.enum(['none', 'good', 'past_due', 'unpaid']),
  customerId: z.nullable(z.string()),
  subscriptionId: z.nullable(z.string()),
})
export type AccountRow = z.output<typeof accountRowSchema>

const account = z.object({ accountId: accountIdSchema })
const action = z.extend(account, { reason: actionReason })
const onceAction = z.extend(action, { idempotencyKey: requestKey })
const done = z.object({})

/**
 * Payment and what surrounds it. `getPayments` is for the account's own customers and for admins, the rest for admins.
 * Failures besides `not_found`, `forbidden`, `account_not_ready` and `invalid_request`: `no_customer` (the account never
 * bought anything, so there is nothing at Stripe), `no_subscription`, `invoice_not_found`, `refund_refused`,
 * `credit_refused`, `coupon_refused`, `not_suspended`, `request_conflict` (this idempotency key was used with other
 * values). Messages say what to do.
 */
export const paymentProcedures = defineContract({
  getPayments: { input: account, output: paymentsViewSchema },

  /** Accounts by id, or only those with a payment problem or a suspension. `next`: what to pass as `after`. */
  adminListAccounts: {
    input: z.object({
      problems: z.optional(z.boolean()),
      after: z.optional(accountIdSchema),
      limit: z.optional(z.int().check(z.gte(1), z.lte(100))),
    }),
    output: z.object({ accounts: z.array(accountRowSchema), next: z.nullable(accountIdSchema) }),
  },
  adminGetAccount: { input: account, output: accountRowSchema },

  adminGrantCredit: {
    input: z.extend(onceAction, { amountMinor: positiveMinor, expiresAt: z.optional(instantSchema) }),
    output: z.object({ credit: creditGrantSchema }),
  },
  /** Takes back what is left of a grant: all of it when nothing was used (`void`), else the rest (`expired`). */
  adminVoidCredit: {
    input: z.extend(action, { grantId: z.string().check(z.regex(/^credgr_[0-9A-Za-z_]{1,60}$/)) }),
    output: z.object({ credit: creditGrantSchema }),
  },

  /** On the current subscription, next to the discounts that it has. `months` belongs to `repeating`. */
  adminApplyCoupon: {
    input: z.extend(onceAction, {
      off: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('percent'), percent: z.number().check(z.gt(0), z.lte(100)) }),
        z.object({ kind: z.literal('amount'), amountMinor: positiveMinor }),
      ]),
      duration: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('once') }),
        z.object({ kind: z.literal('repeating'), months: z.int().check(z.gte(1), z.lte(36)) }),
        z.object({ kind: z.literal('forever') }),
      ]),
    }),
    output: z.object({ discount: discountSchema }),
  },
  adminRemoveCoupon: {
    input: z.extend(action, { discountId: z.string().check(z.regex(/^di_[0-9A-Za-z_]{1,60}$/)) }),
    output: done,
  },

  /**
   * A credit note over an invoice. On a paid one it pays back to the card what the card paid, the rest to the
   * customer's balance; on an open one it lowers what is still due. Without an amount: all that is left.
   */
  adminRefund: {
    input: z.extend(onceAction, { invoiceId: invoiceIdSchema, amountMinor: z.optional(positiveMinor) }),
    output: z.object({
      creditNoteId: z.string(),
      currency: z.string(),
      refundedMinor: minorSchema,
      toBalanceMinor: minorSchema,
      reducedMinor: minorSchema,
    }),
  },
  /** What `adminRefund` would do, for the page that asks whether it should. */
  adminPreviewRefund: {
    input: z.extend(account, { invoiceId: invoiceIdSchema, amountMinor: z.optional(positiveMinor) }),
    output: z.object({
      number: z.nullable(z.string()),
      currency: z.string(),
      /** Most that a credit note on it can be over. */
      maxMinor: minorSchema,
      refundedMinor: minorSchema,
      toBalanceMinor: minorSchema,
      reducedMinor: minorSchema,
    }),
  },

  adminSuspend: { input: action, output: done },
  /** Lifts every suspension, those of disputes included. */
  adminUnsuspend: { input: action, output: done },
})
