import type { Table } from '#kernel/table'
import { giveBack, type Reservation, type Reserved, reserve, tightestOf } from '../access/reserve.ts'
import type { Caller } from './caller.ts'

export type Charged<T> =
  | {
      readonly outcome: 'done'
      readonly value: T
      readonly units: number
      /** What is left of the tightest limit after the call; `undefined` without one. */
      readonly allowance: Reservation | undefined
    }
  | Extract<Reserved, { readonly outcome: 'refused' }>

/**
 * Does work that costs at most `maxUnits`. With a hard limit that much is taken before, and what the work did not use
 * is given back after; when it throws, everything. Without one the counter is never touched.
 */
export async function charge<T>(
  table: Table,
  caller: Caller,
  maxUnits: number,
  work: () => Promise<{ readonly units: number; readonly value: T }>,
  onLost: (error: unknown) => void,
): Promise<Charged<T>> {
  const reserved: Reserved =
    caller.limit && maxUnits > 0
      ? await reserve(table, caller.accountId, caller.limit, caller.usedAt, maxUnits)
      : { outcome: 'unlimited' }
  if (reserved.outcome === 'refused') return reserved
  const reservation = reserved.outcome === 'taken' ? reserved.reservation : undefined

  const giveBackUnused = async (unused: number): Promise<Reservation | undefined> => {
    if (!reservation || unused === 0) return reservation
    try {
      const counter = await giveBack(table, caller.accountId, reservation, caller.usedAt, unused)
      return { ...reservation, ...tightestOf(counter, reservation.meters, caller.limit ?? {}) }
    } catch (error) {
      // The work is done and answered; the counter is put right from the ledger.
      onLost(error)
      return reservation
    }
  }

  try {
    const { units, value } = await work()
    if (!Number.isSafeInteger(units) || units < 0 || units > maxUnits)
      throw new RangeError(`The route used ${units} units and said at most ${maxUnits}`)
    return { outcome: 'done', value, units, allowance: await giveBackUnused(maxUnits - units) }
  } catch (error) {
    await giveBackUnused(maxUnits)
    throw error
  }
}
