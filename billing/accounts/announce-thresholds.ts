import type { PlanVersion } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { publishPending, withEvents } from '#kernel/outbox'
import { isNew } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'
import type { Account, Segment } from '../domain/records.ts'
import { type Threshold, thresholdsReached } from '../domain/threshold.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { loadCarryOver } from './carry-over.ts'

/**
 * Announces the thresholds that an account's segment has reached as `spend.threshold_reached`, each once. Of several
 * that were passed at once the highest is told, and a lower one never after a higher. A raised limit starts anew.
 */
export async function announceThresholds(
  deps: Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'>,
  account: Account,
  now: Instant,
): Promise<void> {
  const { accountId } = account
  const segment = await deps.accounts.segmentAt(accountId, now)
  const plan = segment && (await deps.plans.getVersion(segment.planVersionId))
  if (!segment || !plan) return
  const { units } = await foldPeriod(deps.ledger, accountId, segment)
  const carriedUnits = account.subscriptionId === null ? 0 : await loadCarryOver(deps, accountId, now)
  for (const threshold of thresholdsReached({ account, plan, units: units + carriedUnits })) {
    const key = keyOf(segment, threshold, account)
    const { percent } = threshold
    const event = {
      id: derivedId('evt', 'spend.threshold_reached', key.pk, key.sk, String(percent)),
      type: 'spend.threshold_reached',
      at: now,
      data: factOf(segment, plan, threshold),
    }
    const item = { ...key, percent, ...withEvents(now, [event]) }
    const isNews =
      (await deps.billing.put(item, isNew)) ||
      (await deps.billing.put(item, [{ path: 'percent', lessThan: percent }]))
    if (isNews) await publishPending(deps.billing, deps.publish, key)
  }
}

/** A cap that was set anew is armed anew, also one of an amount that was there before. */
function keyOf({ accountId, start }: Segment, { of, limitUnits }: Threshold, account: Account) {
  const chosenAt = of === 'spend_cap' ? account.spendCapChanges?.at(-1)?.at : undefined
  const limit = chosenAt === undefined ? `${limitUnits}` : `${limitUnits}@${chosenAt}`
  return { pk: `account#${accountId}`, sk: `threshold#${toIso(start)}#${of}#${limit}` }
}

const factOf = (segment: Segment, plan: PlanVersion, threshold: Threshold) => ({
  accountId: segment.accountId,
  segment: { start: segment.start, end: segment.end },
  planName: plan.name,
  unit: plan.unit,
  currency: plan.currency,
  of: threshold.of,
  percent: threshold.percent,
  limitUnits: threshold.limitUnits,
  limitMinor: threshold.limitMinor === null ? null : String(threshold.limitMinor),
})
