import { isFree, type PlanVersion, rate, type SpendCap, totalOf, unitsAtCap } from '#billing/contract'
import { type Failure, fail } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { loadCarryOver } from '../../accounts/carry-over.ts'
import type { Account, Segment } from '../../domain/records.ts'
import { type CapFacts, capMinorOf, defaultCapOf } from '../../domain/spend-cap.ts'
import { foldPeriod } from '../../ledger/fold-period.ts'
import type { BillingDeps } from '../deps.ts'
import type { LoadedAccount } from '../load-account.ts'

export type CapDeps = Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>

/** An account with what its open segment has used. */
export type Spending = {
  readonly account: Account
  readonly segment: Segment
  readonly plan: PlanVersion
  /** With what was carried in; never negative. */
  readonly usedUnits: number
}

export async function loadSpending(
  deps: CapDeps,
  { account, segment }: LoadedAccount,
  now: Instant,
): Promise<Spending> {
  const plan = await deps.plans.getVersion(segment.planVersionId)
  if (!plan) throw new Error(`the plan version ${segment.planVersionId} is not published`)
  const { units } = await foldPeriod(deps.ledger, account.accountId, segment)
  const carriedUnits = account.subscriptionId === null ? 0 : await loadCarryOver(deps, account.accountId, now)
  return { account, segment, plan, usedUnits: Math.max(0, units + carriedUnits) }
}

/** What the cap of `choice` means for what is used. */
export function spendCapOf({ plan, usedUnits }: Spending, choice: CapFacts): SpendCap {
  const capMinor = capMinorOf(choice, plan)
  const capUnits = capMinor === null || isFree(plan) ? null : unitsAtCap(plan.usagePrice, capMinor)
  return {
    capMinor: capMinor === null ? null : String(capMinor),
    chosenMinor: choice.spendCapMinor ?? null,
    defaultCapMinor: defaultCapOf(choice, plan),
    capUnits,
    usedUnits,
    spentMinor: String(totalOf(rate(plan.usagePrice, usedUnits))),
    isReached: capUnits !== null && usedUnits >= capUnits,
  }
}

/** Why a cap cannot be chosen; null: it can. */
export function refuseCap({ account, plan }: Spending, capMinor: string | null): Failure | null {
  const defaultMinor = defaultCapOf(account, plan)
  if (account.subscriptionId === null || defaultMinor === null) return null
  if (capMinor !== null && BigInt(capMinor) <= BigInt(defaultMinor)) return null
  return fail(
    'cap_refused',
    'Until your first invoice with usage on it is paid, the spend cap of new customers holds. It can be lowered, and raised up to that again, but not lifted. Pay the first invoice to lift it.',
  )
}

/** An administrator says why; a customer decides about what is theirs. */
export const refuseWithoutReason = ({ actor }: Call, reason: string | undefined): Failure | null =>
  actor.kind === 'admin' && reason === undefined
    ? fail('reason_required', 'Say why, in 3 to 500 characters: the customer sees it.')
    : null
