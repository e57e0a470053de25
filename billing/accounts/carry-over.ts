import { DAY_MS, type Instant, plusMs } from '#kernel/time'
import type { Segment } from '../domain/records.ts'
import { carryOverOf } from '../domain/segment.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from '../procedures/deps.ts'

/** Log lines are kept for 60 days: usage of a segment that ended longer ago than this can no longer arrive. */
const SETTLED_AFTER_MS = 75 * DAY_MS

export type CarryOverPorts = {
  readonly ledger: BillingDeps['ledger']
  readonly accounts: Pick<BillingDeps['accounts'], 'listSegments' | 'settleSegment'>
}

/**
 * Units that closed paid segments (with `before`: those that start before it) leave to the ones after them, from the
 * ledger as it is now. A segment that ended long before `now` is folded one last time and then remembered, so that the cost of this
 * does not grow with the age of an account.
 */
export async function loadCarryOver(
  ports: CarryOverPorts,
  accountId: string,
  now: Instant,
  before?: Instant,
): Promise<number> {
  const closed = (await ports.accounts.listSegments(accountId)).filter(
    ({ closedAt, subscriptionId, start }) =>
      closedAt !== null && subscriptionId !== null && (before === undefined || start < before),
  )
  const folded = []
  for (const segment of closed) folded.push({ ...segment, foldUnits: await unitsOf(ports, segment, now) })
  return carryOverOf(folded)
}

async function unitsOf(
  { ledger, accounts }: CarryOverPorts,
  segment: Segment,
  now: Instant,
): Promise<number> {
  if (segment.settledUnits !== undefined) return segment.settledUnits
  const { units } = await foldPeriod(ledger, segment.accountId, segment)
  if (plusMs(segment.end, SETTLED_AFTER_MS) < now) await accounts.settleSegment(segment, units)
  return units
}
