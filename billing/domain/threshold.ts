import { type PlanVersion, rate, totalOf } from '#billing/contract'
import type { Account } from './records.ts'
import { type CapFacts, capMinorOf, capUnitsOf } from './spend-cap.ts'

/** What a customer is told about once: a share of the included units, of a plan's hard limit, or of the spend cap. */
export type Threshold = {
  readonly of: 'included_units' | 'hard_limit' | 'spend_cap'
  readonly percent: (typeof PERCENTS)[number]
  /** 100 % in units, and for a cap its amount too. */
  readonly limitUnits: number
  readonly limitMinor: bigint | null
}

const PERCENTS = [100, 80, 50] as const

/**
 * The highest threshold that the open segment has reached of each kind. A cap counts in money until its last unit, which
 * is 100 %: the charges may stop short of the amount by less than a unit's price.
 */
export function thresholdsReached(facts: {
  readonly account: Pick<Account, 'subscriptionId'> & CapFacts
  readonly plan: Pick<PlanVersion, 'includedUnits' | 'hardLimitUnits' | 'defaultCapMinor' | 'usagePrice'>
  /** Units of the segment, with what was carried into it. */
  readonly units: number
}): Threshold[] {
  const { account, plan } = facts
  const units = Math.max(0, facts.units)
  const reached: Threshold[] = []
  const byUnits = (of: Threshold['of'], limitUnits: number) => {
    const percent = PERCENTS.find(percent => units * 100 >= percent * limitUnits)
    if (percent !== undefined) reached.push({ of, percent, limitUnits, limitMinor: null })
  }
  if (plan.hardLimitUnits !== null) byUnits('hard_limit', plan.hardLimitUnits)
  else if (plan.includedUnits > 0) byUnits('included_units', plan.includedUnits)
  const isPayer = account.subscriptionId !== null
  const [capMinor, capUnits] = isPayer ? [capMinorOf(account, plan), capUnitsOf(account, plan)] : [null, null]
  if (capMinor !== null && capUnits !== null) {
    const spentMinor = totalOf(rate(plan.usagePrice, Math.min(units, capUnits)))
    const percent =
      units >= capUnits
        ? 100
        : PERCENTS.find(percent => percent < 100 && spentMinor * 100n >= BigInt(percent) * capMinor)
    if (percent !== undefined)
      reached.push({ of: 'spend_cap', percent, limitUnits: capUnits, limitMinor: capMinor })
  }
  return reached
}
