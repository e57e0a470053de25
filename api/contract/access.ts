import * as z from 'zod/mini'
import { listAuditProcedure } from '#kernel/audit'
import { defineContract } from '#kernel/rpc'
import {
  accountIdSchema,
  instantSchema,
  keyIdSchema,
  type Limits,
  limitsSchema,
  periodSchema,
  unitsSchema,
} from '#kernel/schemas'

/** `r2-b20`: derived, so that equal limits are one usage plan. */
export const limitSetIdOf = (limits: Limits): string => `r${limits.ratePerSecond}-b${limits.burst}`

export const blockSchema = z.enum(['unpaid', 'suspended', 'closed'])
export type Block = z.output<typeof blockSchema>

/**
 * A limit that the request path enforces exactly. The counter belongs to a segment; when `now` is past the segment's
 * end, access starts the next one by itself: the next UTC calendar month, or `[end, …)` for a subscription.
 */
export const hardLimitSchema = z.object({
  units: unitsSchema,
  reason: z.enum(['quota', 'spend_cap']),
  segment: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('calendar_month') }),
    z.object({ kind: z.literal('period'), period: periodSchema }),
  ]),
})
export type HardLimit = z.output<typeof hardLimitSchema>

/** Most units that single keys may use in a segment: caps that the customer set, enforced like a hard limit. */
export const keyCapsSchema = z.object({
  segment: hardLimitSchema.shape.segment,
  unitsByKey: z.record(keyIdSchema, unitsSchema),
})
export type KeyCaps = z.output<typeof keyCapsSchema>

/** What billing tells access about an account: whole state, applied when `version` is newer than the one in force. */
export const entitlementSchema = z.object({
  accountId: accountIdSchema,
  version: z.int().check(z.gte(1)),
  /** `starter@3`. */
  planVersionId: z.string(),
  /** `Starter`, for messages and metrics dimensions (its plan id: low cardinality). */
  planId: z.string(),
  limits: limitsSchema,
  blocks: z.array(blockSchema),
  hardLimit: z.nullable(hardLimitSchema),
  /** Absent when no key is capped. */
  keyCaps: z.optional(keyCapsSchema),
})
export type Entitlement = z.output<typeof entitlementSchema>

export const keyViewSchema = z.object({
  keyId: keyIdSchema,
  name: z.string(),
  /** `tg_test_…a1B2c3`: prefix and last six characters. */
  masked: z.string(),
  createdAt: instantSchema,
  createdBy: z.string(),
  lastUsedAt: z.nullable(instantSchema),
  status: z.enum(['active', 'revoked', 'expired']),
  revokedAt: z.nullable(instantSchema),
  expiresAt: z.nullable(instantSchema),
})
export type KeyView = z.output<typeof keyViewSchema>

/**
 * The whole `Authorization` header of a well-formed key: prefix, stage, 22 random and 6 checksum characters, all base 62.
 * The gateway refuses everything else before the authorizer runs.
 */
export const API_KEY_HEADER_PATTERN = '^Bearer tg_(live|test)_[0-9A-Za-z]{28}$'

export const KEY_NAME_MAX = 60
export const LIVE_KEYS_MAX = 20
export const keyNameSchema = z.string().check(z.trim(), z.minLength(1), z.maxLength(KEY_NAME_MAX))

const useSchema = z.object({ units: unitsSchema, byKey: z.record(keyIdSchema, unitsSchema) })

/** What the ledger holds of a segment, for the repair of its counter. */
export const ledgerUseSchema = z.object({
  /** An hour, `2026-11-22T14`: those before it are drained. */
  settleTo: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}$/)),
  /** All drained hours of the segment together. */
  settled: useSchema,
  /** Each younger hour: what has arrived of it so far. */
  hours: z.record(z.string(), useSchema),
})
export type LedgerUse = z.output<typeof ledgerUseSchema>

/** What API Gateway counted in a day for the keys of one usage plan. */
export const gatewayUseSchema = z.object({
  limitSetId: z.string(),
  /** Gateway keys that were used. */
  gatewayKeys: unitsSchema,
  calls: unitsSchema,
})

/**
 * Procedures of access. Failures: `account_not_ready` (no entitlement yet: "your account is being prepared"),
 * `too_many_keys`, `key_not_found`, `key_already_revoked`, `forbidden`, `not_found`, `invalid_request`.
 */
export const accessContract = defineContract({
  /** The secret is in this reply and nowhere else. `idempotencyKey` makes a double submit one key (and no second secret). */
  createKey: {
    input: z.object({
      accountId: accountIdSchema,
      name: keyNameSchema,
      idempotencyKey: z.optional(z.string().check(z.maxLength(100))),
    }),
    output: z.object({ key: keyViewSchema, secret: z.nullable(z.string()) }),
  },
  listKeys: {
    input: z.object({ accountId: accountIdSchema }),
    output: z.object({ keys: z.array(keyViewSchema), ready: z.boolean() }),
  },
  /** The trail of an account, or of the deployment. */
  listAudit: listAuditProcedure,
  revokeKey: {
    input: z.object({ accountId: accountIdSchema, keyId: keyIdSchema }),
    output: z.object({ key: keyViewSchema }),
  },
  /** Applies if newer; answers what is in force. `limitsInForce` is false until the gateway key of the new limit set is. */
  setEntitlement: {
    input: entitlementSchema,
    output: z.object({ version: z.int(), limitsInForce: z.boolean() }),
  },
  /** Makes the limit set's usage plan, pooled key and a first warm key once; the job fills the pool up. Repeatable. */
  ensureLimitSet: {
    input: z.object({ limits: limitsSchema }),
    output: z.object({ limitSetId: z.string(), usagePlanId: z.string(), warmKeys: z.int() }),
  },
  /** What API Gateway has of these limit sets. Changes nothing. */
  checkLimitSets: {
    input: z.object({ limitSetIds: z.array(z.string()) }),
    output: z.object({
      limitSets: z.array(
        z.object({
          limitSetId: z.string(),
          /** Null: there is no usage plan of its name. */
          usagePlan: z.nullable(
            z.object({ ratePerSecond: z.number(), burst: z.number(), hasStage: z.boolean() }),
          ),
        }),
      ),
    }),
  },
  /** What is in force for an account, for its own pages and for billing's repair. */
  getAccess: {
    input: z.object({ accountId: accountIdSchema, segmentStart: z.optional(instantSchema) }),
    output: z.object({
      entitlement: z.nullable(entitlementSchema),
      gatewayKeyId: z.nullable(z.string()),
      counter: z.nullable(
        z.object({
          segmentStart: instantSchema,
          leftUnits: z.int(),
          /** Units of drained hours, together. */
          settledUnits: z.int(),
          /** Units taken per hour that is not settled yet: `{'2026-11-22T14': 31}`. */
          takenByHour: z.record(z.string(), z.int()),
          /** Counts the repairs. */
          repairs: z.int(),
          /** What is left of each capped key. */
          leftByKey: z.record(keyIdSchema, z.int()),
        }),
      ),
    }),
  },
  /** Puts the counter right from the ledger, on condition that nobody repaired it since billing read it. */
  repairCounter: {
    input: z.object({
      accountId: accountIdSchema,
      segmentStart: instantSchema,
      expectedRepairs: z.int(),
      ledger: ledgerUseSchema,
    }),
    output: z.object({ repaired: z.boolean() }),
  },
  /** What API Gateway counted on one UTC day (`2026-11-22`): accepted calls, whatever became of them. Best effort. */
  gatewayUse: {
    input: z.object({ day: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)) }),
    output: z.object({ plans: z.array(gatewayUseSchema) }),
  },
})
