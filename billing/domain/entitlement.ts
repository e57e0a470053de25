import type { Entitlement, HardLimit } from '#api/contract'
import type { PlanVersion } from '#billing/contract'
import { unitsAtCap } from '#billing/contract'
import type { Account, Segment } from './records.ts'

/**
 * The spend cap of an account in minor units of metered charges a segment, before tax and credits; null: none. A new
 * payer has the plan's default cap until the first invoice with usage on it is paid.
 */
export function capMinorOf(
  account: Pick<Account, 'usageInvoicePaidAt'>,
  plan: Pick<PlanVersion, 'defaultCapMinor'>,
): bigint | null {
  if (account.usageInvoicePaidAt !== undefined || plan.defaultCapMinor === null) return null
  return BigInt(plan.defaultCapMinor)
}

/** The same cap as the greatest number of units that a segment may owe. */
export function capUnitsOf(
  account: Pick<Account, 'usageInvoicePaidAt'>,
  plan: Pick<PlanVersion, 'defaultCapMinor' | 'usagePrice'>,
): number | null {
  const capMinor = capMinorOf(account, plan)
  return capMinor === null ? null : unitsAtCap(plan.usagePrice, capMinor)
}

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
  return {
    accountId: account.accountId,
    planVersionId: plan.planVersionId,
    planId: plan.id,
    limits: plan.limits,
    blocks: account.blocks,
    hardLimit: decideHardLimit(facts),
  }
}

function decideHardLimit({
  account,
  plan,
  newestSegment,
  carryOverUnits,
}: Parameters<typeof decideEntitlement>[0]): HardLimit | null {
  const quota = plan.hardLimitUnits
  if (account.subscriptionId === null)
    return quota === null ? null : { units: quota, reason: 'quota', segment: { kind: 'calendar_month' } }
  const capUnits = capUnitsOf(account, plan)
  if (quota === null && capUnits === null) return null
  if (newestSegment?.subscriptionId !== account.subscriptionId)
    throw new Error(`${account.accountId} has no segment of its subscription yet`)
  const { start, end } = newestSegment
  const segment = { kind: 'period', period: { start, end } } as const
  const capped = capUnits === null ? null : Math.max(0, capUnits - carryOverUnits)
  return capped === null || (quota !== null && quota <= capped)
    ? { units: quota ?? 0, reason: 'quota', segment }
    : { units: capped, reason: 'spend_cap', segment }
}
