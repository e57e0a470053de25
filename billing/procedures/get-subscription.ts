import {
  type billingContract,
  isFree,
  type PlanVersion,
  rate,
  type SubscriptionView,
  totalOf,
} from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { loadCarryOver } from '../accounts/carry-over.ts'
import { capUnitsOf } from '../domain/entitlement.ts'
import type { Account } from '../domain/records.ts'
import { owedUnits } from '../domain/segment.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import { readPlanChange } from '../workflows/work-item.ts'
import type { BillingDeps } from './deps.ts'
import { visibleUpTo } from './freshness.ts'
import { loadAccount } from './load-account.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'>

/** Where an account stands: plan, open segment, units used and what they cost so far. */
export const getSubscription =
  (deps: Deps): Handlers<typeof billingContract>['getSubscription'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { account, segment } = loaded.value
    const plan = await deps.plans.getVersion(segment.planVersionId)
    if (!plan) throw new Error(`the plan version ${segment.planVersionId} is not published`)
    const { units } = await foldPeriod(deps.ledger, accountId, segment)
    return ok({
      accountId,
      plan,
      segment: { start: segment.start, end: segment.end },
      stripeStatus: statusOf(account),
      unitsUsed: units,
      includedUnits: plan.includedUnits,
      hardLimitUnits: account.entitlement?.hardLimit?.units ?? plan.hardLimitUnits,
      costSoFarMinor: String(await loadCostSoFar(deps, account, plan, units, call.now)),
      currency: plan.currency,
      openChange: await loadOpenChange(deps, accountId, call.now),
      freshAt: visibleUpTo(call.now),
    })
  }

/** Stripe's own status is Stripe's to say; billing keeps only whether it blocked the account for an unpaid invoice. */
const statusOf = ({ subscriptionId, blocks }: Account): SubscriptionView['stripeStatus'] =>
  subscriptionId === null ? 'none' : blocks.includes('unpaid') ? 'unpaid' : 'active'

/** Flat fee and the units owed so far, rated as the open segment's invoice will be. */
async function loadCostSoFar(
  deps: Deps,
  account: Account,
  plan: PlanVersion,
  unitsUsed: number,
  now: Instant,
): Promise<bigint> {
  if (isFree(plan)) return 0n
  const carryOverUnits = await loadCarryOver(deps, account.accountId, now)
  const owed = owedUnits(unitsUsed, carryOverUnits, capUnitsOf(account, plan))
  return BigInt(plan.flatFeeMinor) + totalOf(rate(plan.usagePrice, owed))
}

async function loadOpenChange(
  deps: Deps,
  accountId: string,
  now: Instant,
): Promise<SubscriptionView['openChange']> {
  const change = await readPlanChange(deps.billing, accountId)
  if (change?.state !== 'checkout_open' && change?.state !== 'switching') return null
  const hasExpired = change.expiresAt != null && change.expiresAt <= now
  if (change.state === 'checkout_open' && hasExpired) return null
  return { planId: change.planId, state: change.state, since: change.since }
}
