import * as z from 'zod/mini'
import { type HardLimit, hardLimitSchema } from '#api/contract'
import { DynamoError } from '#kernel/dynamo-request'
import { instantSchema, keyIdSchema, unitsSchema } from '#kernel/schemas'
import type { Path, Table, TableKey } from '#kernel/table'
import { type Instant, toIso, utcMonthOf } from '#kernel/time'

/**
 * The hard limits of an account and segment as one item: a meter for the account, and under `k` one for each capped
 * key. A call takes its highest possible price from `left` of the meters that limit it and adds it to its hour, all in
 * one conditional update, and gives back what it did not use in a second one. Of each meter
 * `left + settled + sum(h) = limit` at any time, whatever runs beside or crashes.
 */
const meterSchema = z.object({
  limit: unitsSchema,
  left: z.int(),
  /** Version of the entitlement that set the limit. */
  version: z.int(),
  /** The limit was taken away; requests with an older authorizer answer pass. */
  lifted: z.optional(z.boolean()),
  /** Units of drained hours, as the ledger has them: kept as one number, so that the item stays small. */
  settled: z._default(z.int(), 0),
  /** Units taken per hour of use that is not settled yet. */
  h: z.record(z.string(), z.int()),
})
export type Meter = z.output<typeof meterSchema>

export const counterSchema = z.extend(meterSchema, {
  k: z._default(z.record(keyIdSchema, meterSchema), {}),
  /** Hours before this one are settled. */
  settledTo: z.optional(z.string()),
  /** Counts the repairs: one that read an older count is too late. */
  repairs: z._default(z.int(), 0),
})
export type Counter = z.output<typeof counterSchema>

/** What limits one call; the authorizer passes it along. */
export const limitInForceSchema = z.object({
  /** Version of the entitlement that set the limits. */
  version: z.int(),
  segment: hardLimitSchema.shape.segment,
  /** The account's limit and why there is one; absent when only the key is limited. */
  units: z.optional(unitsSchema),
  reason: z.optional(hardLimitSchema.shape.reason),
  /** The cap of the key that calls, where it has one. */
  key: z.optional(z.object({ id: keyIdSchema, units: unitsSchema })),
})
export type LimitInForce = z.output<typeof limitInForceSchema>

/** A meter of the counter: of the account (null), or of the key. */
export type MeterName = string | null
export const pathOf = (meter: MeterName, ...steps: readonly string[]): Path =>
  meter === null ? steps : ['k', meter, ...steps]
export const meterOf = (counter: Counter, meter: MeterName): Meter | undefined =>
  meter === null ? counter : counter.k[meter]

export type Reason = HardLimit['reason'] | 'key_cap'

/**
 * The segment that a use at `usedAt` belongs to. Past a period's end the next one has begun, although billing may not
 * have said so yet; its end is not known then.
 */
export function segmentOf(
  { segment }: Pick<HardLimit, 'segment'>,
  usedAt: Instant,
): { readonly start: Instant; readonly end: Instant | undefined } {
  if (segment.kind === 'calendar_month') return utcMonthOf(usedAt)
  const { start, end } = segment.period
  return usedAt < end ? { start, end } : { start: end, end: undefined }
}

/** Concurrent creation and limit moves each cost a round; more than a few in a row do not happen. */
export const ROUNDS = 5

export async function readCounter(
  table: Table,
  accountId: string,
  segmentStart: Instant,
): Promise<Counter | undefined> {
  const item = await table.get(counterKey(accountId, segmentStart))
  return item && z.parse(counterSchema, item)
}

export const counterKey = (accountId: string, segmentStart: Instant): TableKey => ({
  pk: `counter#${accountId}`,
  sk: toIso(z.parse(instantSchema, segmentStart)),
})

/**
 * Repeats once when the answer was lost. Safe for these two writes: taking twice errs against nobody's limit and is
 * repaired from the ledger, and moving a limit is conditional on the version. Giving back is never repeated.
 */
export async function repeatable<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof DynamoError && error.outcomeUnknown) return write()
    throw error
  }
}
