import * as z from 'zod/mini'
import { defineContract } from '#kernel/rpc'
import {
  accountIdSchema,
  instantSchema,
  keyIdSchema,
  minorSchema,
  periodSchema,
  unitsSchema,
} from '#kernel/schemas'
import { reconciliationProcedures } from './reconciliation.ts'

/** Minor units of metered charges a period, before tax and credits; not negative. */
const capMinorSchema = z.string().check(z.regex(/^\d{1,12}$/))
/** Why an administrator changes something of a customer's; customers need not say. */
const reasonSchema = z.string().check(z.trim(), z.minLength(3), z.maxLength(500))

/** What a spend cap means in the open period. */
export const spendCapSchema = z.object({
  /** In force; null: nothing limits the spend. */
  capMinor: z.nullable(minorSchema),
  /** What the customer chose; null: no cap by choice, or nothing chosen yet. */
  chosenMinor: z.nullable(minorSchema),
  /** The plan's cap of a new payer, until the first invoice with usage is paid; null: it does not hold (any more). */
  defaultCapMinor: z.nullable(minorSchema),
  /** Units that the cap buys in a period, those included in the plan among them; null: any number, or the plan has no price. */
  capUnits: z.nullable(unitsSchema),
  /** Units of the open period, with what was carried in, and what they cost. */
  usedUnits: unitsSchema,
  spentMinor: minorSchema,
  /** The period has used what the cap buys: calls are refused until it ends or the cap is raised. */
  isReached: z.boolean(),
})
export type SpendCap = z.output<typeof spendCapSchema>

export const keyCapSchema = z.object({
  keyId: keyIdSchema,
  /** Most units in a period; null: none. */
  capUnits: z.nullable(unitsSchema),
  /** Units of the open period. */
  usedUnits: unitsSchema,
  isReached: z.boolean(),
})
export type KeyCap = z.output<typeof keyCapSchema>

const account = z.object({ accountId: accountIdSchema })
const capChoice = z.extend(account, { capMinor: z.nullable(capMinorSchema) })

/**
 * Limits that customers set, and reconciliation. A customer actor may only name its own account; admins say why.
 * Failures: `cap_refused` (message says why), `key_not_found`, `reason_required`, `account_not_ready`, `not_found`.
 */
export const limitProcedures = defineContract({
  getLimits: {
    input: account,
    output: z.object({
      segment: periodSchema,
      currency: z.string(),
      unit: z.string(),
      /** Without a subscription nothing is charged: a cap waits for the first purchase. */
      isPayer: z.boolean(),
      spendCap: spendCapSchema,
      /** The plan's own quota in units; null: none. */
      quotaUnits: z.nullable(unitsSchema),
      /** Keys that have a cap. */
      keyCaps: z.array(keyCapSchema),
      freshAt: instantSchema,
    }),
  },
  /** What a cap would mean, without setting it. Refuses what `setSpendCap` would refuse. */
  previewSpendCap: { input: capChoice, output: spendCapSchema },
  /**
   * Sets the cap; null: none. Raising it lets calls pass at once. Lower than what is spent already: calls stop at once,
   * and what was spent stays on the bill. `inForce` false: it is set, and access is told again within a minute.
   */
  setSpendCap: {
    input: z.extend(capChoice, { reason: z.optional(reasonSchema) }),
    output: z.extend(spendCapSchema, { inForce: z.boolean() }),
  },
  /** Sets how many units a key may use in a period; null: any number. */
  setKeyCap: {
    input: z.extend(account, {
      keyId: keyIdSchema,
      units: z.nullable(unitsSchema),
      reason: z.optional(reasonSchema),
    }),
    output: z.extend(keyCapSchema, { inForce: z.boolean() }),
  },
  ...reconciliationProcedures,
})
