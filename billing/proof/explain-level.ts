import type { ExplainedLevel, ExplainedRequest } from '#billing/contract'
import type { Table } from '#kernel/table'
import type { Period } from '#kernel/time'
import { foldPeriod } from '../ledger/fold-period.ts'
import { readHour } from '../ledger/totals.ts'
import { carriedInto, overlap, type PlacedHour, placeHours, placeRequests, type Stretch } from './allocate.ts'
import { requestsOf } from './proof-rows.ts'

export type LevelQuery = {
  readonly accountId: string
  readonly period: Period
  /** Of the segment. */
  readonly carriedInUnits: number
  readonly line: Stretch
  readonly day?: string | undefined
  readonly keyId?: string | undefined
  readonly route?: string | undefined
  readonly cursor?: string | undefined
}

/** Requests of one page. */
const PAGE = 100
/** Requests read for one page at most, but for those of its first hour: about a second's work. */
export const READ_MAX = 50_000

/**
 * What a line is made of, one step further down: its days; of a day the keys; of a key the routes; of a route the
 * requests. Days come from the hour totals; everything below reads the requests of one day, a bounded number a page.
 * Null: the cursor is none of ours.
 */
export async function explainLevel(ledger: Table, query: LevelQuery): Promise<ExplainedLevel | null> {
  const { byHour } = await foldPeriod(ledger, query.accountId, query.period)
  const hours = placeHours(byHour, query.carriedInUnits)
  return query.day === undefined ? explainDays(query, hours) : explainDay(ledger, query, hours)
}

function explainDays({ line, carriedInUnits }: LevelQuery, hours: readonly PlacedHour[]): ExplainedLevel {
  const rows = sumBy(hours, line, ({ hour }) => hour.slice(0, 10))
  return {
    ...{ of: 'days', units: line.to - line.from, carriedInUnits: carriedInto(line, carriedInUnits) },
    ...{ rows: withVoided(rows, line, hours.at(-1)?.to ?? carriedInUnits), requests: [], nextCursor: null },
  }
}

/** Calls that were billed and turned out to have failed after the close: they lower a later invoice. */
function withVoided(rows: ExplainedLevel['rows'], line: Stretch, end: number) {
  const units = overlap(line, { from: Math.max(0, end), to: Number.MAX_SAFE_INTEGER })
  return units > 0 ? [...rows, { name: VOIDED, units }] : rows
}
export const VOIDED = 'voided'

function sumBy(
  placed: readonly PlacedHour[],
  line: Stretch,
  nameOf: (one: PlacedHour) => string,
): ExplainedLevel['rows'] {
  const sums = new Map<string, number>()
  for (const one of placed) sums.set(nameOf(one), (sums.get(nameOf(one)) ?? 0) + overlap(one, line))
  return rowsOf(sums)
}

const rowsOf = (sums: ReadonlyMap<string, number>): ExplainedLevel['rows'] =>
  [...sums]
    .filter(([, units]) => units > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, units]) => ({ name, units }))

type Place = { readonly hour: string; readonly skip: number }

async function explainDay(
  ledger: Table,
  query: LevelQuery,
  hours: readonly PlacedHour[],
): Promise<ExplainedLevel | null> {
  const { accountId, period, line, day = '', keyId, route, cursor } = query
  const ofDay = hours.filter(one => one.hour.startsWith(`${day}T`) && overlap(one, line) > 0)
  const after = cursor === undefined ? { hour: '', skip: 0 } : parseCursor(cursor, day)
  if (!after) return null
  const of = keyId === undefined ? 'keys' : route === undefined ? 'routes' : 'requests'
  const sums = new Map<string, number>()
  const requests: ExplainedRequest[] = []
  let read = 0
  let nextCursor: string | null = null
  for (const placed of ofDay) {
    if (placed.hour < after.hour) continue
    if (read >= READ_MAX) {
      nextCursor = `${placed.hour}~0`
      break
    }
    const { records } = await readHour(ledger, accountId, placed.hour)
    const all = requestsOf(records, period)
    read += all.length
    const skip = placed.hour === after.hour ? after.skip : 0
    const page = collect([...placeRequests(all, placed.from)].slice(skip), query, PAGE - requests.length)
    for (const [name, units] of page.sums) sums.set(name, (sums.get(name) ?? 0) + units)
    requests.push(...page.requests)
    if (page.taken !== null) {
      nextCursor = `${placed.hour}~${skip + page.taken}`
      break
    }
  }
  const units = of === 'keys' ? ofDay.reduce((sum, one) => sum + overlap(one, line), 0) : total(sums)
  const isRequests = of === 'requests'
  return {
    ...{ of, units, carriedInUnits: 0, nextCursor },
    ...(isRequests ? { rows: [], requests } : { rows: rowsOf(sums), requests: [] }),
  }
}

type Placed = Stretch & { readonly request: ReturnType<typeof requestsOf>[number] }

/** Requests of one hour that belong to what is opened. `taken`: how many were looked at when the page was full. */
function collect(placed: readonly Placed[], { line, keyId, route }: LevelQuery, room: number) {
  const sums = new Map<string, number>()
  const requests: ExplainedRequest[] = []
  for (const [n, one] of placed.entries()) {
    const { request } = one
    const billedUnits = overlap(one, line)
    if (billedUnits === 0) continue
    if (keyId !== undefined && request.keyId !== keyId) continue
    if (route !== undefined && request.route !== route) continue
    if (keyId !== undefined && route !== undefined) {
      if (requests.length === room) return { sums, requests, taken: n }
      const { id, usedAt, status, units, outcome } = request
      requests.push({
        ...{ id, usedAt, keyId: request.keyId, route: request.route, status, units, billedUnits, outcome },
      })
    }
    const name = keyId === undefined ? request.keyId : request.route
    sums.set(name, (sums.get(name) ?? 0) + billedUnits)
  }
  return { sums, requests, taken: null }
}

const total = (sums: ReadonlyMap<string, number>): number => [...sums.values()].reduce((a, b) => a + b, 0)

function parseCursor(cursor: string, day: string): Place | null {
  const [, hour, skip] = /^(\d{4}-\d{2}-\d{2}T\d{2})~(\d{1,9})$/.exec(cursor) ?? []
  return hour?.startsWith(day) && skip !== undefined ? { hour, skip: Number(skip) } : null
}
