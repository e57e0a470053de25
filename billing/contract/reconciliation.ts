import * as z from 'zod/mini'
import { defineContract } from '#kernel/rpc'
import { accountIdSchema, instantSchema, unitsSchema } from '#kernel/schemas'

/** A UTC day: `2026-11-22`. */
export const daySchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))

/** A request that the access log has and the ledger had not, or that was charged and failed at the door. */
const deviationSchema = z.object({
  id: z.string(),
  accountId: accountIdSchema,
  usedAt: instantSchema,
  /** What its client saw. */
  status: z.int(),
  kind: z.enum(['missing', 'charged_but_failed']),
})
export type Deviation = z.output<typeof deviationSchema>

/** Stripe's summary of a segment, up to the end of the day, against what was delivered by then. */
const stripeDifferenceSchema = z.object({
  accountId: accountIdSchema,
  segmentStart: instantSchema,
  deliveredUnits: z.int(),
  stripeUnits: z.int(),
})

/** Meter events that Stripe took and refused afterwards. */
export const meterProblemSchema = z.object({
  eventId: z.string(),
  receivedAt: instantSchema,
  /** Null: no meter has the name that was reported to. */
  meterId: z.nullable(z.string()),
  /** Stripe's codes with their counts. */
  codes: z.array(z.object({ code: z.string(), count: unitsSchema })),
  /** Reports of ours that Stripe named: they are sent again under a new number. */
  rejected: z.array(
    z.object({ accountId: accountIdSchema, segmentStart: instantSchema, seq: z.int(), units: z.int() }),
  ),
  /** Refused events that Stripe counted and did not name; the comparison of the day finds them. */
  unnamed: unitsSchema,
})
export type MeterProblem = z.output<typeof meterProblemSchema>

export const reconciliationSchema = z.object({
  day: daySchema,
  /**
   * `reading`: cut off, goes on with the next run. `replayed`: something was missing and was replayed, the next run looks
   * again. `clean`: everything agrees. `deviating`: it does not, and replaying did not help; somebody has to look.
   */
  state: z.enum(['reading', 'replayed', 'clean', 'deviating']),
  /** How often the day was read. */
  runs: unitsSchema,
  checkedAt: instantSchema,
  /** Access-log lines that name an account; served ones (below 400) and failed ones. */
  served: unitsSchema,
  failed: unitsSchema,
  /** Requests of the last run: not in the ledger, and charged although the client saw a failure of ours. */
  missing: unitsSchema,
  voided: unitsSchema,
  /** The first hundred of them. */
  deviations: z.array(deviationSchema),
  /** What API Gateway's own counters say about the calls that it let through; null: not asked yet. */
  gateway: z.nullable(
    z.object({
      countedCalls: unitsSchema,
      loggedCalls: unitsSchema,
      isWithinTolerance: z.boolean(),
      plans: z.array(z.object({ limitSetId: z.string(), gatewayKeys: unitsSchema, calls: unitsSchema })),
    }),
  ),
  /** Segments that were compared with Stripe, and those that differ; null: not asked yet. */
  stripe: z.nullable(z.object({ segments: unitsSchema, differences: z.array(stripeDifferenceSchema) })),
})
export type Reconciliation = z.output<typeof reconciliationSchema>

/** Messages of billing's dead letters. */
const deadLetterSchema = z.object({
  /** `line`: a log line that is no record. `delivery`: log lines that were not taken. `other`: a fact or a tick. */
  kind: z.enum(['line', 'delivery', 'other']),
  reason: z.string(),
  sentAt: instantSchema,
})
export type DeadLetter = z.output<typeof deadLetterSchema>

/** Procedures of the owner; they need an admin or the operator. Failures: `forbidden`, `not_found`. */
export const reconciliationProcedures = defineContract({
  /** Newest first, with the meter problems of the last 30 days and how many dead letters wait. */
  adminListReconciliations: {
    input: z.object({ before: z.optional(daySchema) }),
    output: z.object({
      days: z.array(reconciliationSchema),
      meterProblems: z.array(meterProblemSchema),
      deadLetters: unitsSchema,
    }),
  },
  adminGetReconciliation: { input: z.object({ day: daySchema }), output: reconciliationSchema },
  /** The first ten dead letters, without taking them. */
  adminListDeadLetters: {
    input: z.object({}),
    output: z.object({ waiting: unitsSchema, letters: z.array(deadLetterSchema) }),
  },
  /**
   * Parses the dead letters that hold log lines once more, with today's code. What parses now is recorded and gone, the
   * rest is queued again with the newest reason. Repeatable. `left`: of other kinds, or more than one run takes.
   */
  adminRedrive: {
    input: z.object({ reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)) }),
    output: z.object({ taken: unitsSchema, left: unitsSchema }),
  },
})
