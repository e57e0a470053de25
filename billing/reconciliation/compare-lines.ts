import * as z from 'zod/mini'
import { type AccessRecord, accessLineSchema } from '#api/contract'
import type { Deviation } from '#billing/contract'
import type { Table } from '#kernel/table'
import { type Hour, hourOf } from '#kernel/time'
import { readHour } from '../ledger/totals.ts'

/** An access-log line and whether API Gateway let the request through to the function. */
export type AccessLine = AccessRecord & { readonly isLetThrough: boolean }

const lineSchema = z.extend(accessLineSchema, { error: z.optional(z.string()) })

/** Undefined: no line of a request with an account. */
export function readAccessLine(message: string): AccessLine | undefined {
  const parsed = z.safeParse(lineSchema, parseJson(message))
  if (!parsed.success) return undefined
  const { error, ...record } = parsed.data
  // API Gateway prints "-" for what it has no value for.
  return { ...record, isLetThrough: error === undefined || error === '' || error === '-' }
}

/** What the ledger knows about an hour of an account: status of each usage record, ids of its access records. */
export type KnownHour = { readonly usage: ReadonlyMap<string, number>; readonly access: ReadonlySet<string> }

const FAILED_FROM = 400
/** From here on the fault is ours, and the call must not be charged. */
const VOID_FROM = 500

/**
 * Pure. A served request has its usage record. A failed one has its access record, without which one of status 500 and
 * above would be charged when the function believed that it served it; the function's own record of the failure does as
 * well below that.
 */
export function deviationOf(line: AccessLine, known: KnownHour): Deviation['kind'] | null {
  const usageStatus = known.usage.get(line.id)
  if (line.status < FAILED_FROM) return usageStatus === undefined ? 'missing' : null
  if (known.access.has(line.id)) return null
  if (usageStatus === undefined) return 'missing'
  return line.status >= VOID_FROM && usageStatus < FAILED_FROM ? 'charged_but_failed' : null
}

/** Records that are kept while lines of the same hours go on coming. */
const RECORDS_MAX = 200_000

/** Reads hours of the ledger and keeps the newest of them, so that an hour of an account is read once a window. */
export function createKnownHours(ledger: Table): (accountId: string, hour: Hour) => Promise<KnownHour> {
  const kept = new Map<string, KnownHour>()
  let records = 0
  return async (accountId, hour) => {
    const name = `${accountId}#${hour}`
    const known = kept.get(name)
    if (known) return known
    const { usage, access } = (await readHour(ledger, accountId, hour)).records
    const read: KnownHour = {
      usage: new Map(usage.map(({ id, status }) => [id, status])),
      access: new Set(access.map(({ id }) => id)),
    }
    kept.set(name, read)
    records += read.usage.size + read.access.size
    for (const [oldest, hours] of kept) {
      if (records <= RECORDS_MAX || oldest === name) break
      kept.delete(oldest)
      records -= hours.usage.size + hours.access.size
    }
    return read
  }
}

export const hourOfLine = ({ usedAt }: AccessRecord): Hour => hourOf(usedAt)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
