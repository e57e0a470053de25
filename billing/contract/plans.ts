import * as z from 'zod/mini'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'
import { catalogueSchema, planIdSchema, planVersionIdSchema, planVersionSchema } from './catalogue.ts'
import { currencySchema } from './money.ts'

/** Why an admin did it; kept in the audit trail. */
export const reasonSchema = z.string().check(z.trim(), z.minLength(3), z.maxLength(500))

/** One thing that is said about a plan. `pointer` is a JSON pointer into the plan: `/usagePrice/tiers/1/upToUnits`. */
export const planNoteSchema = z.object({ pointer: z.string(), message: z.string() })
export type PlanNote = z.output<typeof planNoteSchema>

/** One member that differs between two versions of a plan, in words; null: it is not there. */
export const planChangeLineSchema = z.object({
  pointer: z.string(),
  label: z.string(),
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
})
export type PlanChangeLine = z.output<typeof planChangeLineSchema>

/** A draft as it was saved, right or not. `definition` has the members of a plan of the catalogue, unchecked. */
export const planDraftSchema = z.object({
  planId: planIdSchema,
  currency: currencySchema,
  unit: z.string(),
  definition: z.record(z.string(), z.unknown()),
  /** Counts the saves; whoever saves, discards or publishes names the one that was read. */
  revision: z.int().check(z.gte(1)),
  savedAt: instantSchema,
  savedBy: z.string(),
  /** What keeps it from being published. */
  problems: z.array(planNoteSchema),
  /** What is allowed and may surprise. */
  warnings: z.array(planNoteSchema),
})
export type PlanDraft = z.output<typeof planDraftSchema>

/** A rehearsal compares with the draft, or with a version that is published: `starter@3`. */
export const rehearsalTargetSchema = z.union([z.literal('draft'), planVersionIdSchema])

/** A month of one customer as it was and as it would have been. Amounts in minor units, before tax, discounts and credits. */
export const rehearsedMonthSchema = z.object({
  period: periodSchema,
  planVersionId: planVersionIdSchema,
  /** The month is not over: there is no other one of this customer. */
  open: z.boolean(),
  usedUnits: unitsSchema,
  beforeMinor: minorSchema,
  afterMinor: minorSchema,
  /** Was within the included units and is not any more. */
  leavesIncluded: z.boolean(),
  /** Calls would have stopped before the last one was made. */
  stops: z.nullable(z.enum(['hard_limit', 'spend_cap'])),
})
export type RehearsedMonth = z.output<typeof rehearsedMonthSchema>

export const rehearsedAccountSchema = z.object({
  accountId: accountIdSchema,
  planVersionId: planVersionIdSchema,
  months: z.array(rehearsedMonthSchema),
  beforeMinor: minorSchema,
  afterMinor: minorSchema,
  leavesIncluded: z.boolean(),
  stops: z.boolean(),
})
export type RehearsedAccount = z.output<typeof rehearsedAccountSchema>

export const rehearsalSchema = z.object({
  planId: planIdSchema,
  target: rehearsalTargetSchema,
  months: z.int(),
  /** The ledger as of this instant; the same for every customer of the rehearsal. */
  asOf: instantSchema,
  done: z.boolean(),
  /** Customers on the plan that were rehearsed so far. */
  accounts: unitsSchema,
  rehearsedMonths: unitsSchema,
  beforeMinor: minorSchema,
  afterMinor: minorSchema,
  payMore: unitsSchema,
  payLess: unitsSchema,
  leaveIncluded: unitsSchema,
  stop: unitsSchema,
})
export type Rehearsal = z.output<typeof rehearsalSchema>

export const MIGRATION_STATES = ['running', 'paused', 'undoing', 'undone', 'done'] as const
/**
 * `pending`: nothing was done yet. `scheduled`: Stripe changes the price at the renewal. `migrated`: on the new version.
 * `skipped`: left alone, `reason` says why. `failed`: `reason` says what went wrong; resuming tries again. `undone`: put
 * back before the renewal.
 */
export const MIGRATED_STATES = ['pending', 'scheduled', 'migrated', 'skipped', 'failed', 'undone'] as const

export const migratedAccountSchema = z.object({
  accountId: accountIdSchema,
  fromVersionId: planVersionIdSchema,
  state: z.enum(MIGRATED_STATES),
  /** The renewal at which the new version begins; null where nothing is scheduled. */
  at: z.nullable(instantSchema),
  reason: z.nullable(z.string()),
})
export type MigratedAccount = z.output<typeof migratedAccountSchema>

export const migrationSchema = z.object({
  migrationId: z.string(),
  planId: planIdSchema,
  toVersionId: planVersionIdSchema,
  state: z.enum(MIGRATION_STATES),
  startedAt: instantSchema,
  noticeDays: z.int(),
  reason: z.string(),
  /** How many customers are in each state. */
  counts: z.record(z.enum(MIGRATED_STATES), unitsSchema),
})
export type Migration = z.output<typeof migrationSchema>

/** A difference between the catalogue, Stripe and API Gateway, and what to do about it. */
export const driftSchema = z.object({
  where: z.enum(['stripe', 'api_gateway']),
  /** The plan version, meter or limit set. */
  subject: z.string(),
  message: z.string(),
  remedy: z.string(),
})
export type Drift = z.output<typeof driftSchema>

/** The newest comparison of the catalogue with Stripe and API Gateway. */
export const driftCheckSchema = z.object({ checkedAt: instantSchema, drift: z.array(driftSchema) })
export type DriftCheck = z.output<typeof driftCheckSchema>

const plan = z.object({ planId: planIdSchema })
const ofDraft = z.object({ planId: planIdSchema, revision: z.int() })
const withReason = z.object({ planId: planIdSchema, reason: reasonSchema })
const pageOf = <T extends z.ZodMiniType>(row: T) =>
  z.object({ rows: z.array(row), nextCursor: z.nullable(z.string()) })

/**
 * Plans as data: drafts, their rehearsal, publishing, archiving, migration, drift. All need an admin or the operator.
 * Failures: `plan_not_found`, `draft_not_found`, `draft_changed` (somebody else saved meanwhile), `draft_invalid`,
 * `publish_running`, `plan_archived`, `plan_needed` (the only free plan), `migration_running`, `migration_not_found`,
 * `nothing_to_migrate`.
 */
export const planProcedures = defineContract({
  /**
   * Starts `publish-plan` for every plan that differs from its newest version. A plan in the archive stays there and is
   * named in `archived`.
   */
  applyPlans: {
    input: z.object({ catalogue: catalogueSchema }),
    output: z.object({
      published: z.array(planVersionIdSchema),
      unchanged: z.array(planVersionIdSchema),
      archived: z.array(planIdSchema),
      started: z.array(z.string()),
    }),
  },
  /** Every version of every plan with how many accounts are on it, and what is going on with each plan. */
  adminListPlans: {
    input: z.object({}),
    output: z.object({
      currency: z.string(),
      versions: z.array(
        z.extend(planVersionSchema, {
          live: z.boolean(),
          archivedAt: z.nullable(instantSchema),
          accounts: unitsSchema,
        }),
      ),
      drafts: z.array(planDraftSchema),
      publishing: z.array(
        z.object({
          planId: planIdSchema,
          planVersionId: planVersionIdSchema,
          state: z.enum(['running', 'failed']),
          since: instantSchema,
        }),
      ),
      migrations: z.array(migrationSchema),
      /** What the newest check found; null: there was none yet. */
      checked: z.nullable(driftCheckSchema),
    }),
  },
  /** Keeps a draft as it is, and says what is wrong with it. `revision` null: there must be none yet. */
  adminSaveDraft: {
    input: z.object({
      planId: planIdSchema,
      /** Only the first plan of a deployment decides over them; later ones must say the same or nothing. */
      currency: z.optional(currencySchema),
      unit: z.optional(z.string().check(z.maxLength(40))),
      definition: z.record(z.string(), z.unknown()),
      revision: z.nullable(z.int()),
    }),
    output: z.object({ draft: planDraftSchema }),
  },
  adminGetDraft: {
    input: plan,
    output: z.object({ draft: planDraftSchema, live: z.nullable(planVersionSchema) }),
  },
  adminDiscardDraft: { input: ofDraft, output: z.object({ discarded: z.boolean() }) },
  /** The draft against the version on sale, member by member; `live` null: the plan is new. */
  adminDiffDraft: {
    input: plan,
    output: z.object({
      draft: planDraftSchema,
      live: z.nullable(planVersionIdSchema),
      changes: z.array(planChangeLineSchema),
    }),
  },
  /**
   * Replays the last ended months of every customer on the plan on the draft. Each call rehearses one batch of customers
   * and says where it is; `done` false: call again. `restart` begins anew with the usage as of now.
   */
  adminRehearseDraft: {
    input: z.object({
      planId: planIdSchema,
      months: z.int().check(z.gte(1), z.lte(3)),
      restart: z.optional(z.boolean()),
    }),
    output: rehearsalSchema,
  },
  /** Rows of a rehearsal, by account. */
  adminListRehearsal: {
    input: z.object({
      planId: planIdSchema,
      target: rehearsalTargetSchema,
      only: z.optional(z.enum(['pay_more', 'pay_less', 'leaves_included', 'stops'])),
      cursor: z.optional(z.string()),
    }),
    output: pageOf(rehearsedAccountSchema),
  },
  /** Starts `publish-plan` with the draft as the plan's next version. The draft goes when it is published. */
  adminPublishDraft: {
    input: z.object({ planId: planIdSchema, revision: z.int(), reason: reasonSchema }),
    output: z.object({ planVersionId: planVersionIdSchema, started: z.string() }),
  },
  /** No new purchases. Who is on the plan stays on it, at its price. Repeatable. */
  adminArchivePlan: { input: withReason, output: z.object({ archivedAt: instantSchema }) },
  /** On sale again, as its newest version. */
  adminUnarchivePlan: { input: withReason, output: z.object({ planVersionId: planVersionIdSchema }) },
  /** What the customers on other versions of the plan would have paid on `toVersionId`; as `adminRehearseDraft`. */
  adminPreviewMigration: {
    input: z.object({
      planId: planIdSchema,
      toVersionId: planVersionIdSchema,
      months: z.int().check(z.gte(1), z.lte(3)),
      restart: z.optional(z.boolean()),
    }),
    output: rehearsalSchema,
  },
  /** Moves everybody on other versions of the plan to `toVersionId`, each at the next renewal. */
  adminStartMigration: {
    input: z.object({
      planId: planIdSchema,
      toVersionId: planVersionIdSchema,
      /** Nobody is moved at a renewal that is nearer than this: such a customer moves at the one after it. */
      noticeDays: z._default(z.int().check(z.gte(0), z.lte(90)), 14),
      reason: reasonSchema,
    }),
    output: migrationSchema,
  },
  /** Nobody further is scheduled; who is scheduled stays so. */
  adminPauseMigration: { input: withReason, output: migrationSchema },
  /** Goes on, and tries again what failed. */
  adminResumeMigration: { input: withReason, output: migrationSchema },
  /** Puts back who has not renewed yet. */
  adminUndoMigration: { input: withReason, output: migrationSchema },
  adminGetMigration: {
    input: z.object({ planId: planIdSchema, cursor: z.optional(z.string()) }),
    output: z.object({
      migration: migrationSchema,
      rows: z.array(migratedAccountSchema),
      nextCursor: z.nullable(z.string()),
    }),
  },
  /** Compares the catalogue with Stripe and API Gateway, now. */
  adminCheckDrift: {
    input: z.object({}),
    output: driftCheckSchema,
  },
})
