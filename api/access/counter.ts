import * as z from 'zod/mini'
import { type HardLimit, hardLimitSchema } from '#api/contract'
import { DynamoError } from '#kernel/dynamo-request'
import { instantSchema, unitsSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { hourOf, type Instant, toIso, utcMonthOf } from '#kernel/time'

/**
 * The hard limit of an account and segment as one item: `{limit, left, version, h: {<hour>: units}, k: {}}`. A call
 * takes its highest possible price from `left` and adds it to its hour in one conditional update, and gives back what
 * it did not use in a second one. `left + sum(h) = limit` at any time, whatever runs beside or crashes.
 */
export const limitInForceSchema = z.extend(hardLimitSchema, {
  /** Version of the entitlement that set the limit. */
  version: z.int(),
})
export type LimitInForce = z.output<typeof limitInForceSchema>

export const counterSchema = z.object({
  limit: unitsSchema,
  left: z.int(),
  version: z.int(),
  /** The limit was taken away; requests with an older authorizer answer pass. */
  lifted: z.optional(z.boolean()),
  /** Units taken per hour of use. */
  h: z.record(z.string(), z.int()),
})
export type Counter = z.output<typeof counterSchema>

export type Reservation = {
  readonly segmentStart: Instant
  /** End of the segment, where it is known. */
  readonly segmentEnd: Instant | undefined
  readonly limitUnits: number
  readonly leftUnits: number
}
export type Reserved =
  | { readonly outcome: 'taken'; readonly reservation: Reservation }
  | { readonly outcome: 'unlimited' }
  | {
      readonly outcome: 'refused'
      readonly reason: HardLimit['reason']
      readonly leftUnits: number
      readonly liftsAt: Instant | undefined
    }

/**
 * The segment that a use at `usedAt` belongs to. Past a period's end the next one has begun, although billing may not
 * have said so yet; its end is not known then.
 */
export function segmentOf(
  { segment }: HardLimit,
  usedAt: Instant,
): { readonly start: Instant; readonly end: Instant | undefined } {
  if (segment.kind === 'calendar_month') return utcMonthOf(usedAt)
  const { start, end } = segment.period
  return usedAt < end ? { start, end } : { start: end, end: undefined }
}

/** Concurrent creation and limit moves each cost a round; more than a few in a row do not happen. */
const ROUNDS = 5

/** Takes `units` from the counter of the segment of `usedAt`, which is made at its first use. */
export async function reserve(
  table: Table,
  accountId: string,
  limit: LimitInForce,
  usedAt: Instant,
  units: number,
): Promise<Reserved> {
  const segment = segmentOf(limit, usedAt)
  const key = counterKey(accountId, segment.start)
  for (let round = 1; ; round++) {
    const item = await takeOnce(table, key, limit.version, hourOf(usedAt), units)
    if (item) {
      const { left, limit: limitUnits } = z.parse(counterSchema, item)
      return {
        outcome: 'taken',
        reservation: {
          segmentStart: segment.start,
          segmentEnd: segment.end,
          limitUnits,
          leftUnits: left,
        },
      }
    }
    const counter = await align(table, accountId, limit, segment.start)
    if (counter.lifted) return { outcome: 'unlimited' }
    // When others took and gave back all the while, there was too little left at every attempt: a refusal is true.
    if (counter.left < units || round === ROUNDS) {
      const leftUnits = Math.min(counter.left, units - 1)
      return { outcome: 'refused', reason: limit.reason, leftUnits, liftsAt: segment.end }
    }
  }
}

/** Gives back units of an earlier `reserve`. What a lost answer leaves taken is put right from the ledger later. */
export async function giveBack(
  table: Table,
  accountId: string,
  segmentStart: Instant,
  usedAt: Instant,
  units: number,
): Promise<number> {
  const item = await table.update(counterKey(accountId, segmentStart), [
    { add: 'left', by: units },
    { add: ['h', hourOf(usedAt)], by: -units },
  ])
  return z.parse(counterSchema, item).left
}

/**
 * Brings the counter to the limit in force, exactly once per version: made when missing, else `left += new − old`.
 * Does nothing when the counter has this version or a newer one. Returns the counter as it is then.
 */
export async function align(
  table: Table,
  accountId: string,
  limit: LimitInForce,
  segmentStart: Instant,
): Promise<Counter> {
  const key = counterKey(accountId, segmentStart)
  for (let round = 0; round < ROUNDS; round++) {
    const counter = await readCounter(table, accountId, segmentStart)
    if (!counter) {
      const fresh = { limit: limit.units, left: limit.units, version: limit.version, h: {} }
      if (await table.put({ ...fresh, k: {}, ...key }, isNew)) return fresh
    } else if (counter.version >= limit.version) {
      return counter
    } else {
      const moved = await repeatable(() =>
        table.update(
          key,
          [
            { add: 'left', by: limit.units - counter.limit },
            { set: 'limit', to: limit.units },
            { set: 'version', to: limit.version },
            { remove: 'lifted' },
          ],
          [{ path: 'version', equals: counter.version }],
        ),
      )
      if (moved) return z.parse(counterSchema, moved)
    }
  }
  throw new Error('The counter changed too often to move its limit')
}

/** Lets everything pass that still asks the counter, after an entitlement without a hard limit came into force. */
export async function lift(
  table: Table,
  accountId: string,
  version: number,
  segmentStart: Instant,
): Promise<void> {
  await table.update(
    counterKey(accountId, segmentStart),
    [
      { set: 'lifted', to: true },
      { set: 'version', to: version },
    ],
    [{ path: 'version', lessThan: version }],
  )
}

/** Sets an hour to what the ledger holds, on condition that it still is what the repairer read. */
export async function repair(
  table: Table,
  accountId: string,
  segmentStart: Instant,
  hour: string,
  expectedUnits: number,
  ledgerUnits: number,
): Promise<boolean> {
  const path = ['h', hour]
  const changes = [
    { add: 'left', by: expectedUnits - ledgerUnits },
    { set: path, to: ledgerUnits },
  ] as const
  const key = counterKey(accountId, segmentStart)
  if (await table.update(key, changes, [{ path, equals: expectedUnits }])) return true
  // An hour that nobody took from is not there; one that everything was given back to is zero.
  if (expectedUnits !== 0) return false
  return (await table.update(key, changes, [{ present: 'h' }, { absent: path }])) !== undefined
}

export async function readCounter(
  table: Table,
  accountId: string,
  segmentStart: Instant,
): Promise<Counter | undefined> {
  const item = await table.get(counterKey(accountId, segmentStart))
  return item && z.parse(counterSchema, item)
}

const counterKey = (accountId: string, segmentStart: Instant) => ({
  pk: `counter#${accountId}`,
  sk: toIso(z.parse(instantSchema, segmentStart)),
})

const takeOnce = (
  table: Table,
  key: { readonly pk: string; readonly sk: string },
  version: number,
  hour: string,
  units: number,
) =>
  repeatable(() =>
    table.update(
      key,
      [
        { add: 'left', by: -units },
        { add: ['h', hour], by: units },
      ],
      [
        { path: 'left', atLeast: units },
        { path: 'version', atLeast: version },
      ],
    ),
  )

/**
 * Repeats once when the answer was lost. Safe for these two writes: taking twice errs against nobody's limit and is
 * repaired from the ledger, and moving a limit is conditional on the version. Giving back is never repeated.
 */
async function repeatable<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof DynamoError && error.outcomeUnknown) return write()
    throw error
  }
}
