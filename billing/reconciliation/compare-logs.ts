import * as z from 'zod/mini'
import type { Deviation } from '#billing/contract'
import type { Table } from '#kernel/table'
import { MINUTE_MS, type Period, plusMs } from '#kernel/time'
import type { DeliverLines, LogLine } from '../ledger/deliver-lines.ts'
import type { ReadLog } from '../ledger/read-log.ts'
import { createKnownHours, deviationOf, hourOfLine, readAccessLine } from './compare-lines.ts'

export type ComparePorts = {
  readonly ledger: Table
  readonly readLog: ReadLog
  readonly deliverLines: DeliverLines
  /** The stage's access log and the metered function's log. */
  readonly accessLog: string
  readonly usageLog: string
}

export type Compared = {
  served: number
  failed: number
  letThrough: number
  missing: number
  voided: number
  deviations: Deviation[]
}

export const nothingCompared = (): Compared => ({
  ...{ served: 0, failed: 0, letThrough: 0, missing: 0, voided: 0 },
  deviations: [],
})

/** Deviations that are kept to be looked at; beyond them they are counted. */
export const DEVIATIONS_MAX = 100
/** More missing requests than this, and the window is replayed whole instead of line by line. */
const REPLAYED_IDS_MAX = 10_000
/** A function prints its line a moment before or after the stage does. */
const REPLAY_MARGIN_MS = MINUTE_MS

const ACCESS_LINES = '{ $.account = "acct_*" }'
const USAGE_LINES = '{ $.account = "acct_*" && $.units = * }'

/**
 * Compares the access log of a stretch of time (by the time of logging) with the ledger, by id, and brings to the ledger what it
 * lacks: the failed line itself, and for a served request its usage line. Memory is bounded by a page of the log and a
 * number of ledger records.
 */
export async function compareLogs(ports: ComparePorts, period: Period): Promise<Compared> {
  const knownHour = createKnownHours(ports.ledger)
  const result = nothingCompared()
  const unserved = new Set<string>()
  for await (const { logStream, lines } of ports.readLog(ports.accessLog, ACCESS_LINES, period)) {
    const lost: LogLine[] = []
    for (const line of lines) {
      const access = readAccessLine(line.message)
      if (!access) continue
      if (access.status < 400) result.served++
      else result.failed++
      if (access.isLetThrough) result.letThrough++
      const kind = deviationOf(access, await knownHour(access.account, hourOfLine(access)))
      if (kind === null) continue
      if (kind === 'missing') result.missing++
      else result.voided++
      if (access.status < 400) unserved.add(access.id)
      else lost.push(line)
      const { id, account: accountId, usedAt, status } = access
      if (result.deviations.length < DEVIATIONS_MAX)
        result.deviations.push({ id, accountId, usedAt, status, kind })
    }
    if (lost.length > 0) await ports.deliverLines({ logGroup: ports.accessLog, logStream }, lost)
  }
  if (unserved.size > 0) await replay(ports, period, unserved)
  return result
}

async function replay(ports: ComparePorts, { start, end }: Period, ids: ReadonlySet<string>): Promise<void> {
  const period = { start: plusMs(start, -REPLAY_MARGIN_MS), end: plusMs(end, REPLAY_MARGIN_MS) }
  for await (const { logStream, lines } of ports.readLog(ports.usageLog, USAGE_LINES, period)) {
    const wanted = ids.size > REPLAYED_IDS_MAX ? lines : lines.filter(({ message }) => ids.has(idOf(message)))
    if (wanted.length > 0) await ports.deliverLines({ logGroup: ports.usageLog, logStream }, wanted)
  }
}

const idSchema = z.object({ id: z.string() })
function idOf(message: string): string {
  try {
    return z.safeParse(idSchema, JSON.parse(message)).data?.id ?? ''
  } catch {
    return ''
  }
}
