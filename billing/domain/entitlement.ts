import type { Entitlement, HardLimit } from '#api/contract'
import type { PlanVersion } from '#billing/contract'
import type { Account, Segment } from './records.ts'
import { capUnitsOf } from './spend-cap.ts'

export { capMinorOf, capUnitsOf } from './spend-cap.ts'

/**
 * The whole entitlement of an account, without its version. The limit of a capped segment is what may still be owed,
 * so what was carried in is taken off (or, negative, added). Throws when a subscription has no segment yet: a cap
 * without its period cannot be kept.
 */
export function decideEntitlement(facts: {
  readonly account: Account
  readonly plan: PlanVersion
  readonly newestSegment: Segment | undefined
  readonly carryOverUnits: number
}): Omit<Entitlement, 'version'> {
  const { account, plan } = facts
  const segment = limitSegmentOf(facts)
  const hasKeyCaps = Object.keys(account.keyCaps ?? {}).length > 0
  return {
    accountId: account.accountId,
    planVersionId: plan.planVersionId,
    planId: plan.id,
    limits: plan.limits,
    blocks: account.blocks,
    hardLimit: decideHardLimit(facts, segment),
    ...(hasKeyCaps && { keyCaps: { segment: segment(), unitsByKey: account.keyCaps ?? {} } }),
  }
}

type Facts = Parameters<typeof decideEntitlement>[0]

/** What a limit of the account counts: the calendar month on Free, else the period of the subscription's segment. */
const limitSegmentOf =
  ({ account, newestSegment }: Facts) =>
  (): HardLimit['segment'] => {
    if (account.subscriptionId === null) return { kind: 'calendar_month' }
    if (newestSegment?.subscriptionId !== account.subscriptionId)
      throw new Error(`${account.accountId} has no segment of its subscription yet`)
    return { kind: 'period', period: { start: newestSegment.start, end: newestSegment.end } }
  }

function decideHardLimit(
  { account, plan, carryOverUnits }: Facts,
  segment: () => HardLimit['segment'],
): HardLimit | null {
  const quota = plan.hardLimitUnits
  const capUnits = account.subscriptionId === null ? null : capUnitsOf(account, plan)
  const capped = capUnits === null ? null : Math.max(0, capUnits - carryOverUnits)
  if (capped !== null && (quota === null || capped < quota))
    return { units: capped, reason: 'spend_cap', segment: segment() }
  return quota === null ? null : { units: quota, reason: 'quota', segment: segment() }
}
