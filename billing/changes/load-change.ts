import { isFree, type PlanVersion } from '#billing/contract'
import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import { type Instant, instant, MINUTE_MS } from '#kernel/time'
import { loadPayableUnits } from '../accounts/cap-units.ts'
import { loadCarryOver } from '../accounts/carry-over.ts'
import type { Account, Segment } from '../domain/records.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { CouponStripe } from '../payments/ports.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { visibleUpTo } from '../procedures/freshness.ts'
import { loadAccount } from '../procedures/load-account.ts'
import type { SubscriptionStripe } from '../stripe/ports.ts'
import { readPlanChange } from '../workflows/work-item.ts'
import { carryDiscounts } from './carry-discounts.ts'
import { kindOf } from './decide-change.ts'
import type { PreviewFacts } from './preview.ts'

export type LoadChangePorts = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'> & {
  readonly stripe: Pick<SubscriptionStripe, 'getSubscription'> & Pick<CouponStripe, 'listDiscounts'>
}

/** How long what was shown is honoured. */
const SHOWN_FOR_MS = 15 * MINUTE_MS

/** Amounts are computed for whole minutes: who looks twice in one sees the same. */
export const priceInstant = (now: Instant): Instant => instant(Math.floor(now / MINUTE_MS) * MINUTE_MS)

/**
 * Everything that decides about a change to the version of a plan that is on sale. `pricedAt`: the instant of the
 * preview that was shown; one that is older than 15 minutes is the failure `preview_outdated`.
 */
export async function loadChange(
  ports: LoadChangePorts,
  of: { readonly accountId: string; readonly planId: string; readonly pricedAt?: Instant | undefined },
  call: Call,
): Promise<Result<PreviewFacts>> {
  const loaded = await loadAccount(ports, of.accountId, call)
  if (!loaded.ok) return loaded
  const { account, segment } = loaded.value
  const [current, target] = await Promise.all([
    ports.plans.getVersion(account.planVersionId),
    ports.plans.getLive(of.planId),
  ])
  if (!current) throw new Error(`the plan version ${account.planVersionId} is not published`)
  if (!target) return fail('plan_not_found', 'There is no such plan on sale.')
  const { now } = call
  const pricedAt = of.pricedAt ?? priceInstant(now)
  if (pricedAt > now || now - pricedAt > SHOWN_FOR_MS) return OUTDATED
  const { subscriptionId } = account
  const isUpgrade = subscriptionId !== null && kindOf(current, target) === 'upgrade'
  return ok({
    ...{ account, segment, current, target, now, pricedAt },
    subscription: subscriptionId === null ? null : await ports.stripe.getSubscription(subscriptionId),
    discounts: isUpgrade ? carryDiscounts(await ports.stripe.listDiscounts(subscriptionId), pricedAt) : [],
    open: await readPlanChange(ports.billing, account.accountId),
    ...(await loadUsage(ports, { account, segment, current, pricedAt, now })),
  })
}

export const OUTDATED: Failure = fail(
  'preview_outdated',
  'What was shown to you is not up to date any more. Look at the new amounts and confirm again.',
)

/** Usage that was visible at `pricedAt`: later looks at the same instant find the same. */
async function loadUsage(ports: LoadChangePorts, { account, segment, current, pricedAt, now }: UsageFacts) {
  if (isFree(current)) return { usedUnits: 0, carryOverUnits: 0, capUnits: null }
  const end = instant(Math.min(segment.end, visibleUpTo(pricedAt)))
  const isEmpty = end <= segment.start
  const fold = isEmpty ? { units: 0 } : await foldPeriod(ports.ledger, segment.accountId, { ...segment, end })
  const carryOverUnits = await loadCarryOver(ports, segment.accountId, now, segment.start)
  const capUnits = await loadPayableUnits(ports, account, current, segment, carryOverUnits)
  return { usedUnits: fold.units, carryOverUnits, capUnits }
}

type UsageFacts = {
  readonly account: Account
  readonly segment: Segment
  readonly current: PlanVersion
  readonly pricedAt: Instant
  readonly now: Instant
}
