import type { billingContract, KeyCap } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { foldPeriod } from '../../ledger/fold-period.ts'
import { visibleUpTo } from '../freshness.ts'
import { loadAccount } from '../load-account.ts'
import { type CapDeps, loadSpending, spendCapOf } from './load-spend-cap.ts'

/** Everything that limits an account's calls in units: its plan's quota, its spend cap, its keys' caps. */
export const getLimits =
  (deps: CapDeps): Handlers<typeof billingContract>['getLimits'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { account, segment } = loaded.value
    const spending = await loadSpending(deps, loaded.value, call.now)
    const { byKey } = await foldPeriod(deps.ledger, accountId, segment)
    return ok({
      segment: { start: segment.start, end: segment.end },
      currency: spending.plan.currency,
      unit: spending.plan.unit,
      isPayer: account.subscriptionId !== null,
      spendCap: spendCapOf(spending, account),
      quotaUnits: spending.plan.hardLimitUnits,
      keyCaps: Object.entries(account.keyCaps ?? {}).map(([keyId, capUnits]) =>
        keyCapOf(keyId, capUnits, byKey[keyId]?.units ?? 0),
      ),
      freshAt: visibleUpTo(call.now),
    })
  }

export const keyCapOf = (keyId: string, capUnits: number | null, usedUnits: number): KeyCap => ({
  keyId,
  capUnits,
  usedUnits,
  isReached: capUnits !== null && usedUnits >= capUnits,
})
