import * as z from 'zod/mini'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, minorSchema, unitsSchema } from '#kernel/schemas'
import { planIdSchema, planVersionIdSchema } from './catalogue.ts'

/**
 * - `purchase`: from Free to a paid plan, now, through Stripe's Checkout.
 * - `upgrade`: to a plan with a higher monthly fee, now.
 * - `downgrade`: to another paid plan, at the end of the period.
 * - `renewal`: to the version of the same plan that is on sale, at the end of the period.
 * - `cancel`: to Free, at the end of the period.
 */
export const changeKindSchema = z.enum(['purchase', 'upgrade', 'downgrade', 'renewal', 'cancel'])
export type ChangeKind = z.output<typeof changeKindSchema>

/** A change that Stripe carries out at `at`, the end of the running period. */
export const scheduledChangeSchema = z.object({
  kind: z.enum(['downgrade', 'renewal', 'cancel']),
  planId: planIdSchema,
  planName: z.string(),
  at: instantSchema,
  /** From then on it cannot be undone any more: an hour before `at`. */
  undoUntil: instantSchema,
})
export type ScheduledChange = z.output<typeof scheduledChangeSchema>

/** A change that was begun: `paying` waits for the customer on Stripe's page, `switching` is paid. */
export const openChangeSchema = z.object({
  planId: planIdSchema,
  state: z.enum(['checkout_open', 'paying', 'switching']),
  since: instantSchema,
  /** Stripe's page where the bank's confirmation or another card is asked for. */
  payUrl: z.optional(z.nullable(z.string())),
  /** When it ends by itself, unpaid. */
  expiresAt: z.optional(z.nullable(instantSchema)),
})

const amountLineSchema = z.object({ label: z.string(), amountMinor: minorSchema })
export type AmountLine = z.output<typeof amountLineSchema>

/** The arithmetic of the credit for a fee that is given up: `share` says which part is the smaller one. */
export const creditSchema = z.object({
  planName: z.string(),
  flatFeeMinor: minorSchema,
  creditMinor: minorSchema,
  share: z.enum(['time', 'units']),
  unusedSeconds: unitsSchema,
  periodSeconds: unitsSchema,
  unusedUnits: unitsSchema,
  includedUnits: unitsSchema,
})

/** What a change does, before it is made. Amounts are before tax; lines add up to their total. */
export const changePreviewSchema = z.object({
  accountId: accountIdSchema,
  kind: changeKindSchema,
  from: z.object({ planVersionId: planVersionIdSchema, planName: z.string() }),
  to: z.object({ planVersionId: planVersionIdSchema, planId: planIdSchema, planName: z.string() }),
  /** Why it cannot be made now; null: it can. */
  refused: z.nullable(z.object({ code: z.string(), message: z.string() })),
  currency: z.string(),
  /** The instant that the amounts are computed for; handed back with the digest. */
  pricedAt: instantSchema,
  /** When the new plan's limits and prices hold. */
  effectiveAt: instantSchema,
  /** What is charged at once. */
  today: z.object({
    lines: z.array(amountLineSchema),
    totalMinor: minorSchema,
    credit: z.nullable(creditSchema),
  }),
  /** Usage on the plan that is left at once: on an invoice of its own, today. An estimate until usage is complete. */
  usageSoFar: z.nullable(z.object({ units: unitsSchema, estimateMinor: minorSchema })),
  /** The next regular invoice, as far as it is known today. */
  nextInvoice: z.object({ at: instantSchema, lines: z.array(amountLineSchema), estimateMinor: minorSchema }),
  /** Names what was shown: a change is made only as it was shown. */
  digest: z.string(),
})
export type ChangePreview = z.output<typeof changePreviewSchema>

const account = z.object({ accountId: accountIdSchema })
const target = z.object({ accountId: accountIdSchema, planId: planIdSchema })
const shown = {
  expectedPlanVersionId: planVersionIdSchema,
  pricedAt: instantSchema,
  digest: z.string(),
}

/**
 * Plan changes, for the account's own customers, admins and the operator. Failures: `plan_not_found`, `already_on_plan`,
 * `plan_change_refused` (the message says why and what to do), `preview_outdated` (what was shown holds no longer: show
 * it again), `payment_declined` (the message is the bank's; nothing was changed), `nothing_to_undo`,
 * `account_not_ready`, `not_found`.
 */
export const changeProcedures = defineContract({
  /** Changes nothing. A refusal is part of the answer; only `planId` may be wrong. */
  previewChange: {
    input: z.extend(target, { pricedAt: z.optional(instantSchema) }),
    output: changePreviewSchema,
  },
  /**
   * Upgrades at once, or schedules a downgrade or renewal. `confirm`: the bank wants the customer on `url`; the change
   * stays open until it is paid or `expiresAt`. Repeating it for the plan of the open change goes on with that one.
   */
  changePlan: {
    input: z.extend(target, shown),
    output: z.discriminatedUnion('state', [
      z.object({ state: z.literal('switching') }),
      z.object({ state: z.literal('confirm'), url: z.string(), expiresAt: instantSchema }),
      z.object({ state: z.literal('scheduled'), at: instantSchema }),
    ]),
  },
  /** To Free at the end of the period. Repeating it changes nothing. */
  cancelPlan: { input: account, output: z.object({ at: instantSchema }) },
  /** Takes back what is scheduled, or drops an upgrade that is not paid yet. */
  undoChange: { input: account, output: z.object({ undone: z.enum(['scheduled', 'unpaid']) }) },
})
