import * as z from 'zod/mini'
import type { Entitlement } from '#api/contract'
import { type Change, type Condition, isNew, type Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import {
  type Counter,
  counterKey,
  counterSchema,
  type LimitInForce,
  type Meter,
  type MeterName,
  meterOf,
  pathOf,
  ROUNDS,
  readCounter,
  repeatable,
} from './counter.ts'

/** The limit that a meter is to have. */
type Wanted = { readonly meter: MeterName; readonly units: number; readonly version: number }

/**
 * Brings the meters that limit a call to the limits in force, each exactly once per version: made when missing, else
 * `left += new − old`. Does nothing to a meter that has this version or a newer one. The counter as it is then.
 */
export const align = (
  table: Table,
  accountId: string,
  { version, units, key }: LimitInForce,
  segmentStart: Instant,
): Promise<Counter> =>
  alignMeters(table, accountId, segmentStart, [
    ...(units === undefined ? [] : [{ meter: null, units, version }]),
    ...(key === undefined ? [] : [{ meter: key.id, units: key.units, version }]),
  ])

/** The same for all limits of an entitlement: raising one holds at once although authorizer answers are cached. */
export const alignAll = (
  table: Table,
  accountId: string,
  { version, hardLimit, keyCaps }: Pick<Entitlement, 'version' | 'hardLimit' | 'keyCaps'>,
  segmentStart: Instant,
): Promise<Counter> =>
  alignMeters(table, accountId, segmentStart, [
    ...(hardLimit === null ? [] : [{ meter: null, units: hardLimit.units, version }]),
    ...Object.entries(keyCaps?.unitsByKey ?? {}).map(([meter, units]) => ({ meter, units, version })),
  ])

async function alignMeters(
  table: Table,
  accountId: string,
  segmentStart: Instant,
  wanted: readonly Wanted[],
): Promise<Counter> {
  const key = counterKey(accountId, segmentStart)
  for (let round = 0; round < ROUNDS; round++) {
    const counter = await readCounter(table, accountId, segmentStart)
    if (!counter) {
      const fresh = freshCounter(wanted)
      if (await table.put({ ...fresh, ...key }, isNew)) return fresh
      continue
    }
    const steps = wanted.flatMap(one => stepFor(meterOf(counter, one.meter), one))
    if (steps.length === 0) return counter
    const moved = await repeatable(() =>
      table.update(
        key,
        steps.flatMap(({ changes }) => changes),
        steps.flatMap(({ conditions }) => conditions),
      ),
    )
    if (moved) return z.parse(counterSchema, moved)
  }
  throw new Error('The counter changed too often to move its limit')
}

const freshMeter = ({ units, version }: Pick<Wanted, 'units' | 'version'>): Meter => ({
  ...{ limit: units, left: units, version },
  ...{ settled: 0, h: {} },
})

/** Without a limit of the account its meter is there and lifted: the item needs it, and a later limit moves it. */
function freshCounter(wanted: readonly Wanted[]): Counter {
  const account = wanted.find(({ meter }) => meter === null)
  const keys = wanted.flatMap(one => (one.meter === null ? [] : [[one.meter, freshMeter(one)] as const]))
  return {
    ...freshMeter(account ?? { units: 0, version: 0 }),
    ...(account ? {} : { lifted: true }),
    ...{ k: Object.fromEntries(keys), repairs: 0 },
  }
}

type Step = { readonly changes: readonly Change[]; readonly conditions: readonly Condition[] }

function stepFor(current: Meter | undefined, { meter, units, version }: Wanted): Step[] {
  if (!current)
    return [
      {
        changes: [{ set: pathOf(meter), to: freshMeter({ units, version }) }],
        conditions: [{ absent: pathOf(meter) }, { present: 'k' }],
      },
    ]
  if (current.version >= version) return []
  return [
    {
      changes: [
        { add: pathOf(meter, 'left'), by: units - current.limit },
        { set: pathOf(meter, 'limit'), to: units },
        { set: pathOf(meter, 'version'), to: version },
        { remove: pathOf(meter, 'lifted') },
      ],
      conditions: [{ path: pathOf(meter, 'version'), equals: current.version }],
    },
  ]
}

/** Lets everything pass that still asks a meter, after an entitlement without its limit came into force. */
export async function lift(
  table: Table,
  accountId: string,
  version: number,
  segmentStart: Instant,
  meter: MeterName = null,
): Promise<void> {
  await table.update(
    counterKey(accountId, segmentStart),
    [
      { set: pathOf(meter, 'lifted'), to: true },
      { set: pathOf(meter, 'version'), to: version },
    ],
    [{ path: pathOf(meter, 'version'), lessThan: version }],
  )
}

/** Lifts the meters of all keys that have no cap in the entitlement any more. */
export async function liftOtherKeys(
  table: Table,
  { accountId, version, keyCaps }: Pick<Entitlement, 'accountId' | 'version' | 'keyCaps'>,
  segmentStart: Instant,
): Promise<void> {
  const counter = await readCounter(table, accountId, segmentStart)
  for (const [keyId, { lifted }] of Object.entries(counter?.k ?? {}))
    if (!lifted && keyCaps?.unitsByKey[keyId] === undefined)
      await lift(table, accountId, version, segmentStart, keyId)
}
