import type { AccessRecord, UsageEvent } from '#api/contract'
import { HOUR_MS, type Hour, hourOf, type Instant, instant, MINUTE_MS } from '#kernel/time'

/**
 * Folding turns a set of ledger records into numbers. It is a function of the *set*: repeating a record or changing the
 * order changes nothing, and folding a union is folding its parts together. Rules, so that anyone can recompute a bill:
 *
 * 1. A usage event counts once per `id`.
 * 2. An access record with status 500 and above voids the charge of the usage event with the same `id`: the client saw
 *    the call fail, so the call counts as failed and costs zero units. So does a usage event of status 400 and above.
 * 3. An access record whose `id` has no usage event was refused at the door (or died before it could be metered). It
 *    costs nothing and is counted per minute, route and status.
 */
export type LedgerRecords = {
  readonly usage: readonly UsageEvent[]
  readonly access: readonly AccessRecord[]
}

export type Tally = { readonly calls: number; readonly failed: number; readonly units: number }
export type KeyTally = Tally & { readonly lastUsedAt: Instant }
export type RefusalCount = {
  readonly minute: Instant
  readonly route: string
  readonly status: number
  readonly count: number
  /** The first ten request ids in order of the alphabet: enough to find the requests in the log. */
  readonly ids: readonly string[]
}

/** Numbers of one account over some stretch of time. `calls` includes `failed` ones, `refused` ones are apart. */
export type Fold = Tally & {
  readonly refused: number
  /** Null when nothing was used. */
  readonly lastUsedAt: Instant | null
  readonly byHour: Readonly<Record<Hour, Tally>>
  readonly byKey: Readonly<Record<string, KeyTally>>
  readonly byRoute: Readonly<Record<string, Tally>>
}

export const emptyFold: Fold = {
  ...{ calls: 0, failed: 0, units: 0, refused: 0 },
  ...{ lastUsedAt: null, byHour: {}, byKey: {}, byRoute: {} },
}

/** Lowest status of an answer that failed: such a call costs nothing. */
const FAILED_FROM = 400
/** From here on the fault is ours, and what the client saw beats what the function believed. */
const VOID_FROM = 500
const REFUSAL_IDS_MAX = 10

/** Folds records of one account. Sums in place: this runs over every event of every bill. */
export function foldRecords(records: LedgerRecords): Fold {
  const { usage, refused } = resolve(records)
  const [byHour, byRoute] = [new Map<Hour, Sum>(), new Map<string, Sum>()]
  const byKey = new Map<string, Sum & { lastUsedAt: Instant }>()
  const all = newSum()
  let lastUsedAt: Instant | null = null
  let [hourStart, ofHour]: [number, Sum] = [Number.NaN, all]
  for (const event of usage) {
    const { usedAt, key, route } = event
    // Records of one hour mostly follow each other; naming an hour costs more than all the rest.
    if (usedAt - (usedAt % HOUR_MS) !== hourStart) {
      hourStart = usedAt - (usedAt % HOUR_MS)
      ofHour = entryOf(byHour, hourOf(usedAt), newSum)
    }
    const ofKey = entryOf(byKey, key, () => ({ ...newSum(), lastUsedAt: usedAt }))
    ofKey.lastUsedAt = usedAt > ofKey.lastUsedAt ? usedAt : ofKey.lastUsedAt
    lastUsedAt = later(lastUsedAt, usedAt)
    count(all, event)
    count(ofHour, event)
    count(ofKey, event)
    count(entryOf(byRoute, route, newSum), event)
  }
  return {
    ...{ ...all, lastUsedAt, refused: refused.length },
    ...{ byHour: Object.fromEntries(byHour), byKey: Object.fromEntries(byKey) },
    byRoute: Object.fromEntries(byRoute),
  }
}

type Sum = { calls: number; failed: number; units: number }
const newSum = (): Sum => ({ calls: 0, failed: 0, units: 0 })

function count(sum: Sum, { status, units }: UsageEvent): void {
  sum.calls++
  sum.units += units
  if (status >= FAILED_FROM) sum.failed++
}

function entryOf<V>(map: Map<string, V>, name: string, make: () => V): V {
  const known = map.get(name)
  if (known !== undefined) return known
  const made = make()
  map.set(name, made)
  return made
}

/**
 * Adds folds whose records share no id, such as those of different hours. (Request ids never repeat across hours: both
 * log lines of a request carry the gateway's one request time.)
 */
export function addFolds(folds: readonly Fold[]): Fold {
  const byHour: Record<Hour, Tally> = {}
  const byKey: Record<string, KeyTally> = {}
  const byRoute: Record<string, Tally> = {}
  let [total, refused, lastUsedAt]: [Tally, number, Instant | null] = [NOTHING, 0, null]
  for (const fold of folds) {
    total = addTallies(total, fold)
    refused += fold.refused
    lastUsedAt = later(lastUsedAt, fold.lastUsedAt)
    for (const [hour, tally] of Object.entries(fold.byHour)) byHour[hour] = addTallies(byHour[hour], tally)
    for (const [route, tally] of Object.entries(fold.byRoute))
      byRoute[route] = addTallies(byRoute[route], tally)
    for (const [key, tally] of Object.entries(fold.byKey)) byKey[key] = addKeyTallies(byKey[key], tally)
  }
  return { ...total, refused, lastUsedAt, byHour, byKey, byRoute }
}

/** What was refused, per minute, route and status, in that order. */
export function countRefusals(records: LedgerRecords): RefusalCount[] {
  const groups = new Map<string, { record: AccessRecord; minute: Instant; ids: string[] }>()
  for (const record of resolve(records).refused) {
    const minute = instant(record.usedAt - (record.usedAt % MINUTE_MS))
    const name = JSON.stringify([minute, record.route, record.status])
    const group = groups.get(name)
    if (group) group.ids.push(record.id)
    else groups.set(name, { record, minute, ids: [record.id] })
  }
  return [...groups.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { record, minute, ids }]) => ({
      minute,
      route: record.route,
      status: record.status,
      count: ids.length,
      ids: ids.sort(compare).slice(0, REFUSAL_IDS_MAX),
    }))
}

/** A request and why it cost what it did; see `requestSchema` in the contract. */
export type Request = {
  readonly id: string
  readonly usedAt: Instant
  readonly keyId: string
  readonly route: string
  readonly status: number
  readonly durationMs: number | null
  readonly units: number
  readonly outcome: 'charged' | 'free' | 'failed' | 'voided' | 'refused'
}

/** Every request once, newest first, in the way it is folded. */
export function listRequests(records: LedgerRecords): Request[] {
  const { usage, refused } = resolve(records)
  const answered = uniqueById(records.access)
  const served = usage.map(({ id, usedAt, key, route, status, durationMs, units }): Request => {
    const isVoided = (answered.get(id)?.status ?? 0) >= VOID_FROM
    const outcome = isVoided ? 'voided' : status >= FAILED_FROM ? 'failed' : units > 0 ? 'charged' : 'free'
    return { id, usedAt, keyId: key, route, status, durationMs, units, outcome }
  })
  const turnedAway = refused.map(({ id, usedAt, key, route, status }): Request => {
    return { id, usedAt, keyId: key, route, status, durationMs: null, units: 0, outcome: 'refused' }
  })
  return [...served, ...turnedAway].sort((a, b) => b.usedAt - a.usedAt || compare(b.id, a.id))
}

/** Each request once, with the units that it costs. */
function resolve({ usage, access }: LedgerRecords): { usage: UsageEvent[]; refused: AccessRecord[] } {
  const served = uniqueById(usage)
  const answered = uniqueById(access)
  return {
    usage: [...served.values()].map(event => {
      const answeredStatus = answered.get(event.id)?.status ?? 0
      const status = answeredStatus >= VOID_FROM ? answeredStatus : event.status
      return status >= FAILED_FROM ? { ...event, status, units: 0 } : event
    }),
    refused: [...answered.values()].filter(record => record.status >= FAILED_FROM && !served.has(record.id)),
  }
}

/** By id. Two records of one id are equal; should they ever differ, the choice does not depend on their order. */
export function uniqueById<R extends { readonly id: string }>(records: readonly R[]): Map<string, R> {
  const byId = new Map<string, R>()
  for (const record of records) {
    const known = byId.get(record.id)
    if (known === undefined) byId.set(record.id, record)
    else if (!isSame(known, record) && compare(canonical(record), canonical(known)) > 0)
      byId.set(record.id, record)
  }
  return byId
}

/** Repetitions, which are many, are told from differences, of which there should be none, without writing them out. */
const isSame = <R extends object>(a: R, b: R): boolean =>
  a === b || (Object.keys(a).length === Object.keys(b).length && keysOf(a).every(name => a[name] === b[name]))
const keysOf = <R extends object>(record: R) => Object.keys(record) as (keyof R)[]
const canonical = (record: object): string => JSON.stringify(Object.entries(record).sort())
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const NOTHING: Tally = { calls: 0, failed: 0, units: 0 }
export const addTallies = (a: Tally = NOTHING, b: Tally): Tally => ({
  calls: a.calls + b.calls,
  failed: a.failed + b.failed,
  units: a.units + b.units,
})

const addKeyTallies = (a: KeyTally | undefined, b: KeyTally): KeyTally => ({
  ...addTallies(a, b),
  lastUsedAt: later(a?.lastUsedAt ?? null, b.lastUsedAt) ?? b.lastUsedAt,
})

const later = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : a > b ? a : b
