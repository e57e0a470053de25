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
import { DAY_MS, hourOf, type Instant, plusMs } from '#kernel/time'
import { loadPayableUnits } from '../accounts/cap-units.ts'
import { loadCarryOver } from '../accounts/carry-over.ts'
import { presentScheduled } from '../changes/present-scheduled.ts'
import { addFolds } from '../domain/fold.ts'
import { type Forecast, forecastUnits, HISTORY_DAYS } from '../domain/forecast.ts'
import type { Account } from '../domain/records.ts'
import { owedUnits } from '../domain/segment.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import { listTotals } from '../ledger/totals.ts'
import { dunningOf } from '../payments/dunning-of.ts'
import { readPlanChange } from '../workflows/work-item.ts'
import type { BillingDeps } from './deps.ts'
import { visibleUpTo } from './freshness.ts'
import { type LoadedAccount, loadAccount } from './load-account.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'>

/** Where an account stands: plan, open segment, units used, what they cost so far and will probably cost. */
export const getSubscription =
  (deps: Deps): Handlers<typeof billingContract>['getSubscription'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { account, segment } = loaded.value
    const plan = await deps.plans.getVersion(segment.planVersionId)
    if (!plan) throw new Error(`the plan version ${segment.planVersionId} is not published`)
    const { units } = await foldPeriod(deps.ledger, accountId, segment)
    const costOf = await loadCost(deps, loaded.value, plan, call.now)
    const forecast = await loadForecast(deps, loaded.value, units, call.now)
    const hardLimitUnits = account.entitlement?.hardLimit?.units ?? plan.hardLimitUnits
    return ok({
      accountId,
      plan,
      segment: { start: segment.start, end: segment.end },
      stripeStatus: await statusOf(deps, account),
      unitsUsed: units,
      includedUnits: plan.includedUnits,
      hardLimitUnits,
      costSoFarMinor: costOf(units),
      forecast:
        forecast && withCosts(forecast, Math.max(units, hardLimitUnits ?? Number.MAX_SAFE_INTEGER), costOf),
      currency: plan.currency,
      openChange: await loadOpenChange(deps, accountId, call.now),
      scheduled: await presentScheduled(deps, account),
      freshAt: visibleUpTo(call.now),
    })
  }

/** What of Stripe's status matters to a customer: whether an invoice is unpaid, and whether calls stop for it. */
async function statusOf(
  { billing }: Deps,
  { accountId, subscriptionId }: Account,
): Promise<SubscriptionView['stripeStatus']> {
  const standing = await dunningOf(billing, accountId)
  if (standing !== 'good') return standing
  return subscriptionId === null ? 'none' : 'active'
}

/** What a number of units would cost on the open segment's invoice: flat fee and what is owed, rated as that will be. */
async function loadCost(
  deps: Deps,
  { account, segment }: LoadedAccount,
  plan: PlanVersion,
  now: Instant,
): Promise<(units: number) => string> {
  if (isFree(plan)) return () => '0'
  const carryOverUnits = await loadCarryOver(deps, account.accountId, now)
  const payableUnits = await loadPayableUnits(deps, account, plan, segment, carryOverUnits)
  return units => {
    const owed = owedUnits(units, carryOverUnits, payableUnits)
    return String(BigInt(plan.flatFeeMinor) + totalOf(rate(plan.usagePrice, owed)))
  }
}

async function loadForecast(
  { ledger }: Deps,
  { account, segment }: LoadedAccount,
  unitsSoFar: number,
  now: Instant,
): Promise<Forecast | null> {
  const { accountId, openedAt } = account
  const range = { from: hourOf(plusMs(now, -HISTORY_DAYS * DAY_MS)), to: hourOf(now), consistent: false }
  const { byHour } = addFolds((await listTotals(ledger, accountId, range)).map(({ fold }) => fold))
  return forecastUnits({ segment, unitsSoFar, byHour, openedAt, now })
}

/** Calls stop at the limit, so the forecast does too. */
function withCosts(forecast: Forecast, limitUnits: number, costOf: (units: number) => string) {
  const lowUnits = Math.min(forecast.lowUnits, limitUnits)
  const units = Math.min(forecast.units, limitUnits)
  const highUnits = Math.min(forecast.highUnits, limitUnits)
  return {
    ...{ lowUnits, units, highUnits },
    ...{ lowMinor: costOf(lowUnits), costMinor: costOf(units), highMinor: costOf(highUnits) },
  }
}

async function loadOpenChange(
  deps: Deps,
  accountId: string,
  now: Instant,
): Promise<SubscriptionView['openChange']> {
  const change = await readPlanChange(deps.billing, accountId)
  if (!change || change.state === 'running' || change.state === 'held') return null
  const { planId, state, since, payUrl = null, expiresAt = null } = change
  if (state !== 'switching' && expiresAt !== null && expiresAt <= now) return null
  return { planId, state, since, ...(state === 'paying' && { payUrl, expiresAt }) }
}
