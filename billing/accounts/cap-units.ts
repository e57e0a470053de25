import type { PlanVersion } from '#billing/contract'
import type { Account, Segment } from '../domain/records.ts'
import { capSteps, payableUnits } from '../domain/spend-cap.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from '../procedures/deps.ts'

/** The greatest number of units that a segment may owe, by the caps that it had; null: any. */
export const loadPayableUnits = (
  { ledger }: Pick<BillingDeps, 'ledger'>,
  account: Account,
  plan: Pick<PlanVersion, 'defaultCapMinor' | 'usagePrice'>,
  segment: Pick<Segment, 'start' | 'end'>,
  carriedInUnits: number,
): Promise<number | null> =>
  payableUnits(capSteps(account, plan, segment), async at => {
    const { units } = await foldPeriod(ledger, account.accountId, { start: segment.start, end: at })
    return Math.max(0, units + carriedInUnits)
  })
