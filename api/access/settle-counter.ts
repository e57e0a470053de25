import type { LedgerUse } from '#api/contract'
import type { Change, Condition, Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { counterKey, type Meter, type MeterName, meterOf, pathOf, ROUNDS, readCounter } from './counter.ts'

/**
 * Puts a counter right from the ledger: drained hours are taken together as one number and set to what the ledger
 * holds, younger ones are raised to it where they have less (calls that slipped past, or that were made before there
 * was a limit). Calls in flight go on meanwhile. What was moved; nothing also when there is no counter, when somebody
 * repaired it since `expectedRepairs` was read, or when it is settled further already.
 */
export async function settle(
  table: Table,
  accountId: string,
  segmentStart: Instant,
  ledger: LedgerUse,
  expectedRepairs: number,
): Promise<Moved[]> {
  const counter = await readCounter(table, accountId, segmentStart)
  if (!counter || counter.repairs !== expectedRepairs) return []
  if (counter.settledTo !== undefined && ledger.settleTo < counter.settledTo) return []
  const due = [null, ...Object.keys(counter.k)].filter(name => stepFor(meterOf(counter, name), name, ledger))
  if (due.length === 0) return []
  const claimed = await table.update(
    counterKey(accountId, segmentStart),
    [
      { set: 'repairs', to: expectedRepairs + 1 },
      { set: 'settledTo', to: ledger.settleTo },
    ],
    [{ path: 'repairs', equals: expectedRepairs }],
  )
  if (!claimed) return []
  const moved: Moved[] = []
  for (const name of due) {
    const units = await settleMeter(table, accountId, segmentStart, name, ledger, expectedRepairs + 1)
    if (units !== 0) moved.push({ key: name, units })
  }
  return moved
}

/** Units given back to a meter; negative: taken off it. */
export type Moved = { readonly key: MeterName; readonly units: number }

async function settleMeter(
  table: Table,
  accountId: string,
  segmentStart: Instant,
  name: MeterName,
  ledger: LedgerUse,
  repairs: number,
): Promise<number> {
  for (let round = 0; round < ROUNDS; round++) {
    const counter = await readCounter(table, accountId, segmentStart)
    if (counter?.repairs !== repairs) return 0
    const step = stepFor(meterOf(counter, name), name, ledger)
    if (!step) return 0
    const conditions = [...step.conditions, { path: 'repairs', equals: repairs }]
    if (await table.update(counterKey(accountId, segmentStart), step.changes, conditions))
      return step.moveUnits
  }
  throw new Error('The counter changed too often to repair it')
}

type Step = {
  readonly changes: readonly Change[]
  readonly conditions: readonly Condition[]
  /** Zero: hours are only taken together. */
  readonly moveUnits: number
}

/** Pure. Undefined: nothing to do. Nobody takes from a drained hour any more; should somebody, the condition fails. */
function stepFor(meter: Meter | undefined, name: MeterName, ledger: LedgerUse): Step | undefined {
  if (!meter || meter.lifted) return undefined
  const unitsOf = ({ units, byKey }: LedgerUse['settled']) => (name === null ? units : (byKey[name] ?? 0))
  const drained = Object.entries(meter.h).filter(([hour]) => hour < ledger.settleTo)
  const countedUnits = drained.reduce((sum, [, units]) => sum + units, meter.settled)
  const settledUnits = unitsOf(ledger.settled)
  const missing = Object.entries(ledger.hours)
    .map(([hour, use]) => ({ hour, units: unitsOf(use) - (meter.h[hour] ?? 0) }))
    .filter(({ units }) => units > 0)
  const moveUnits = countedUnits - settledUnits - missing.reduce((sum, { units }) => sum + units, 0)
  if (moveUnits === 0 && missing.length === 0 && drained.length === 0 && settledUnits === meter.settled)
    return undefined
  return {
    changes: [
      { add: pathOf(name, 'left'), by: moveUnits },
      { set: pathOf(name, 'settled'), to: settledUnits },
      ...drained.map(([hour]) => ({ remove: pathOf(name, 'h', hour) })),
      ...missing.map(({ hour, units }) => ({ add: pathOf(name, 'h', hour), by: units })),
    ],
    conditions: drained.map(([hour, units]) => ({ path: pathOf(name, 'h', hour), equals: units })),
    moveUnits,
  }
}
