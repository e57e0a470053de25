import type { LedgerUse } from '#api/contract'
import type { Call } from '#kernel/rpc'
import {
  HOUR_MS,
  type Hour,
  hourOf,
  hoursOf,
  type Instant,
  instant,
  type Period,
  startOfHour,
} from '#kernel/time'
import type { Fold } from '../domain/fold.ts'
import type { Segment } from '../domain/records.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from '../procedures/deps.ts'

/** An hour counts as drained so long after its end: its calls have reached the ledger. What is later is repaired then. */
export const DRAIN_MS = 2 * HOUR_MS

export const drainedAt = (hour: Hour): Instant => instant(startOfHour(hour) + HOUR_MS + DRAIN_MS)

type Deps = Pick<BillingDeps, 'access' | 'accounts' | 'ledger'>

/**
 * Puts an account's counter right from the ledger, as of now: drained hours become what the ledger says (calls that
 * reserved units and died are given back, calls that slipped past are taken off), younger ones at least that. So a
 * limit that came in the middle of a segment counts what was used before it. Only the open segment is compared. True
 * when a number was wrong.
 */
export async function repairCounter(deps: Deps, accountId: string, call: Call): Promise<boolean> {
  const segment = await deps.accounts.segmentAt(accountId, call.now)
  const reply = await deps.access.getAccess({ accountId }, call)
  if (!reply.ok) throw new Error(`access did not show the counter: ${reply.code}`)
  const { counter } = reply.value
  if (!segment || !counter || !isOf(segment, counter.segmentStart)) return false
  const { segmentStart, repairs: expectedRepairs } = counter
  const period = { start: instant(Math.max(segment.start, segmentStart)), end: segment.end }
  const ledger = await ledgerUse(deps, accountId, period, call.now)
  const answer = await deps.access.repairCounter({ accountId, segmentStart, expectedRepairs, ledger }, call)
  if (!answer.ok) throw new Error(`access did not repair the counter: ${answer.code}`)
  return answer.value.repaired
}

/** A counter of Free is that of the calendar month; a segment within it counts from its own start. */
const isOf = ({ subscriptionId, start }: Segment, counterStart: Instant): boolean =>
  subscriptionId === null || counterStart === start

async function ledgerUse(
  { ledger }: Deps,
  accountId: string,
  period: Period,
  now: Instant,
): Promise<LedgerUse> {
  const drainedTo = instant(Math.floor((now - DRAIN_MS) / HOUR_MS) * HOUR_MS)
  const boundary = instant(Math.min(period.end, Math.max(period.start, drainedTo)))
  const settled = await foldPeriod(ledger, accountId, { start: period.start, end: boundary })
  const hours: LedgerUse['hours'] = {}
  const young = { start: boundary, end: instant(Math.min(period.end, now)) }
  const { units: youngUnits } = await foldPeriod(ledger, accountId, young)
  for (const hour of youngUnits === 0 ? [] : hoursOf(young)) {
    const start = startOfHour(hour)
    const within = {
      start: instant(Math.max(start, young.start)),
      end: instant(Math.min(start + HOUR_MS, period.end)),
    }
    hours[hour] = useOf(await foldPeriod(ledger, accountId, within))
  }
  return { settleTo: hourOf(boundary), settled: useOf(settled), hours }
}

const useOf = ({ units, byKey }: Fold): LedgerUse['settled'] => ({
  units,
  byKey: Object.fromEntries(Object.entries(byKey).map(([keyId, tally]) => [keyId, tally.units])),
})
