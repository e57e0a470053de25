import * as z from 'zod/mini'
import { unitsSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Hour, hoursOf, type Period } from '#kernel/time'
import { cellsOf, type UsageCell } from '../domain/usage-cells.ts'
import { BATCH_BODY_MAX_BYTES } from './batch.ts'
import { listDirty } from './dirty.ts'
import { cutHours, recordsWithin } from './fold-period.ts'
import { type HourRecords, readHour } from './totals.ts'
import { unzipJson, zipJson } from './zip.ts'

/**
 * The cells of an hour are a cache like its total, apart from it because only the breakdown of usage reads them:
 * `pk cells#<account>`, `sk <hour>`, `body` gzip of [[key, route, status, calls, refused, units]]. An hour with more
 * cells than an item holds is kept without them and folded from its events when somebody asks.
 */
export async function putCells(
  ledger: Table,
  accountId: string,
  hour: Hour,
  read: HourRecords,
): Promise<void> {
  const rows = cellsOf(read.records).map(cell => [
    ...[cell.keyId, cell.route, cell.status],
    ...[cell.calls, cell.refused, cell.units],
  ])
  const body = zipJson(rows)
  const fits = body.length <= BATCH_BODY_MAX_BYTES
  const item = {
    ...{ pk: partition(accountId), sk: hour, batches: read.batches },
    ...(fits && { body }),
  }
  if (await ledger.put(item, isNew)) return
  await ledger.put(item, [{ path: 'batches', lessThan: read.batches + 1 }])
}

export type HourCells = { readonly hour: Hour; readonly cells: readonly UsageCell[] }

/**
 * The cells of a period by hour, oldest first, right whether or not roll-up has run: hours that are dirty, cut by the
 * period or too large come from their events.
 */
export async function listCells(ledger: Table, accountId: string, period: Period): Promise<HourCells[]> {
  const hours = hoursOf(period)
  const [from, to] = [hours.at(0), hours.at(-1)]
  if (from === undefined || to === undefined) return []
  const dirty = (await listDirty(ledger, accountId)).map(({ hour }) => hour)
  const fromEvents = new Set([...dirty.filter(hour => from <= hour && hour <= to), ...cutHours(period)])
  const found: HourCells[] = []
  for (const item of await ledger.query({ pk: partition(accountId), from, to })) {
    const { sk: hour, body } = z.parse(schema, item)
    if (body === undefined) fromEvents.add(hour)
    else if (!fromEvents.has(hour)) found.push({ hour, cells: parseBody(body) })
  }
  for (const hour of fromEvents) {
    const { records } = await readHour(ledger, accountId, hour)
    found.push({ hour, cells: cellsOf(recordsWithin(records, period)) })
  }
  return found.sort((a, b) => (a.hour < b.hour ? -1 : 1))
}

const partition = (accountId: string) => `cells#${accountId}`
const schema = z.object({ sk: z.string(), body: z.optional(z.instanceof(Uint8Array)) })
const rowsSchema = z.array(z.tuple([z.string(), z.string(), z.int(), unitsSchema, unitsSchema, unitsSchema]))

const parseBody = (body: Uint8Array): UsageCell[] =>
  z
    .parse(rowsSchema, unzipJson(body))
    .map(([keyId, route, status, calls, refused, units]) => ({ keyId, route, status, calls, refused, units }))
