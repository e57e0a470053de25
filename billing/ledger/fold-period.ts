import type { Table } from '#kernel/table'
import {
  contains,
  HOUR_MS,
  type Hour,
  hourOf,
  hoursOf,
  instant,
  type Period,
  startOfHour,
} from '#kernel/time'
import { addFolds, type Fold, foldRecords, type LedgerRecords } from '../domain/fold.ts'
import { listDirty } from './dirty.ts'
import { listTotals, readHour } from './totals.ts'

/**
 * Folds everything the ledger holds of an account in a period, as of now, with consistent reads; right whether or not
 * roll-up has run. Hours that lie inside the period and are not dirty come from their totals; hours that the period
 * cuts, and dirty ones, are folded from their events. The markers are read first: a marker that is gone by then has
 * left its total behind, and one that comes later belongs to a batch that came later.
 */
export async function foldPeriod(ledger: Table, accountId: string, period: Period): Promise<Fold> {
  const hours = hoursOf(period)
  const [from, to] = [hours.at(0), hours.at(-1)]
  if (from === undefined || to === undefined) return addFolds([])
  const dirty = (await listDirty(ledger, accountId)).map(({ hour }) => hour)
  const fromEvents = new Set([...dirty.filter(hour => from <= hour && hour <= to), ...cutHours(period)])
  const totals = await listTotals(ledger, accountId, { from, to })
  const folds = totals.filter(({ hour }) => !fromEvents.has(hour)).map(({ fold }) => fold)
  for (const hour of fromEvents) {
    const { records } = await readHour(ledger, accountId, hour)
    folds.push(foldRecords(recordsWithin(records, period)))
  }
  return addFolds(folds)
}

/** The first and the last hour of a period, where it does not contain all of them. */
export function cutHours(period: Period): Hour[] {
  return [hourOf(period.start), hourOf(instant(period.end - 1))].filter(hour => {
    const start = startOfHour(hour)
    return start < period.start || start + HOUR_MS > period.end
  })
}

export const recordsWithin = ({ usage, access }: LedgerRecords, period: Period): LedgerRecords => ({
  usage: usage.filter(({ usedAt }) => contains(period, usedAt)),
  access: access.filter(({ usedAt }) => contains(period, usedAt)),
})
