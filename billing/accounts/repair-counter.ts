import type { Call } from '#kernel/rpc'
import { HOUR_MS, type Hour, type Instant, instant, type Period, startOfHour } from '#kernel/time'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from '../procedures/deps.ts'

/** An hour counts as drained so long after its end: its calls have reached the ledger. What is later is repaired then. */
export const DRAIN_MS = 2 * HOUR_MS

export const drainedAt = (hour: Hour): Instant => instant(startOfHour(hour) + HOUR_MS + DRAIN_MS)

/**
 * Sets every drained hour of an account's counter to what the ledger says, on condition that access still counts what
 * was compared: calls that reserved units and died are given back, and calls that slipped past are taken off. Only the
 * open segment is compared. The number of hours repaired.
 */
export async function repairCounter(
  deps: Pick<BillingDeps, 'access' | 'accounts' | 'ledger'>,
  accountId: string,
  call: Call,
): Promise<number> {
  const segment = await deps.accounts.segmentAt(accountId, call.now)
  const reply = await deps.access.getAccess({ accountId }, call)
  if (!reply.ok) throw new Error(`access did not show the counter: ${reply.code}`)
  const { counter } = reply.value
  if (!segment || !counter) return 0
  const period = comparablePeriod(segment, counter.segmentStart, call.now)
  const takenHours = Object.entries(counter.takenByHour).filter(([hour]) => isWithin(period, hour))
  if (takenHours.length === 0) return 0
  const { byHour } = await foldPeriod(deps.ledger, accountId, period)
  let repairedHours = 0
  for (const [hour, expectedUnits] of takenHours) {
    const ledgerUnits = byHour[hour]?.units ?? 0
    if (ledgerUnits === expectedUnits) continue
    const { segmentStart } = counter
    const repair = { accountId, segmentStart, hour, expectedUnits, ledgerUnits }
    const answer = await deps.access.repairCounter(repair, call)
    if (!answer.ok) throw new Error(`access did not repair ${hour}: ${answer.code}`)
    if (answer.value.repaired) repairedHours++
  }
  return repairedHours
}

/** From where both the segment and its counter run, to the end of the newest drained hour. */
function comparablePeriod(segment: Period, counterStart: Instant, now: Instant): Period {
  const drainedEnd = Math.floor((now - DRAIN_MS) / HOUR_MS) * HOUR_MS
  return {
    start: instant(Math.max(segment.start, counterStart)),
    end: instant(Math.min(segment.end, drainedEnd)),
  }
}

const isWithin = ({ start, end }: Period, hour: Hour): boolean =>
  startOfHour(hour) < end && startOfHour(hour) + HOUR_MS > start
