import * as z from 'zod/mini'
import type { Table, TableKey } from '#kernel/table'
import { hourOf, type Instant } from '#kernel/time'
import { align } from './align-counter.ts'
import {
  type Counter,
  counterKey,
  counterSchema,
  type LimitInForce,
  type MeterName,
  meterOf,
  pathOf,
  type Reason,
  ROUNDS,
  repeatable,
  segmentOf,
} from './counter.ts'

export type Reservation = {
  readonly segmentStart: Instant
  /** End of the segment, where it is known. */
  readonly segmentEnd: Instant | undefined
  /** The meters that the units were taken from. */
  readonly meters: readonly MeterName[]
  /** Of the meter that has the least left. */
  readonly reason: Reason
  readonly limitUnits: number
  readonly leftUnits: number
}
export type Reserved =
  | { readonly outcome: 'taken'; readonly reservation: Reservation }
  | { readonly outcome: 'unlimited' }
  | {
      readonly outcome: 'refused'
      readonly reason: Reason
      readonly leftUnits: number
      readonly liftsAt: Instant | undefined
    }

/** Takes `units` from the counter of the segment of `usedAt`, which is made at its first use. */
export async function reserve(
  table: Table,
  accountId: string,
  limit: LimitInForce,
  usedAt: Instant,
  units: number,
): Promise<Reserved> {
  const segment = segmentOf(limit, usedAt)
  let meters = metersOf(limit)
  for (let round = 1; meters.length > 0; round++) {
    const key = counterKey(accountId, segment.start)
    const item = await takeOnce(table, key, meters, limit.version, hourOf(usedAt), units)
    if (item) {
      const tightest = tightestOf(z.parse(counterSchema, item), meters, limit)
      const { start: segmentStart, end: segmentEnd } = segment
      return { outcome: 'taken', reservation: { segmentStart, segmentEnd, meters, ...tightest } }
    }
    const counter = await align(table, accountId, limit, segment.start)
    meters = meters.filter(name => meterOf(counter, name)?.lifted !== true)
    if (meters.length === 0) break
    const { reason, leftUnits: left } = tightestOf(counter, meters, limit)
    // When others took and gave back all the while, there was too little left at every attempt: a refusal is true.
    if (left < units || round >= ROUNDS)
      return { outcome: 'refused', reason, leftUnits: Math.min(left, units - 1), liftsAt: segment.end }
  }
  return { outcome: 'unlimited' }
}

/** Gives back units of an earlier `reserve`. What a lost answer leaves taken is put right from the ledger later. */
export async function giveBack(
  table: Table,
  accountId: string,
  { segmentStart, meters }: Pick<Reservation, 'segmentStart' | 'meters'>,
  usedAt: Instant,
  units: number,
): Promise<Counter> {
  const item = await table.update(
    counterKey(accountId, segmentStart),
    meters.flatMap(meter => [
      { add: pathOf(meter, 'left'), by: units },
      { add: pathOf(meter, 'h', hourOf(usedAt)), by: -units },
    ]),
  )
  return z.parse(counterSchema, item)
}

const metersOf = ({ units, key }: LimitInForce): MeterName[] => [
  ...(units === undefined ? [] : [null]),
  ...(key === undefined ? [] : [key.id]),
]

/** The meter that has the least left: it is what the caller has to know about. */
export function tightestOf(
  counter: Counter,
  meters: readonly MeterName[],
  limit: Pick<LimitInForce, 'reason'>,
): Pick<Reservation, 'reason' | 'limitUnits' | 'leftUnits'> {
  const all = meters.flatMap(name => {
    const meter = meterOf(counter, name)
    const reason: Reason = name === null ? (limit.reason ?? 'quota') : 'key_cap'
    return meter ? [{ reason, limitUnits: meter.limit, leftUnits: meter.left }] : []
  })
  const [first, ...rest] = all
  if (!first) throw new Error('The counter has none of the meters that were asked for')
  return rest.reduce((a, b) => (b.leftUnits < a.leftUnits ? b : a), first)
}

const takeOnce = (
  table: Table,
  key: TableKey,
  meters: readonly MeterName[],
  version: number,
  hour: string,
  units: number,
) =>
  repeatable(() =>
    table.update(
      key,
      meters.flatMap(meter => [
        { add: pathOf(meter, 'left'), by: -units },
        { add: pathOf(meter, 'h', hour), by: units },
      ]),
      meters.flatMap(meter => [
        { path: pathOf(meter, 'left'), atLeast: units },
        { path: pathOf(meter, 'version'), atLeast: version },
      ]),
    ),
  )
