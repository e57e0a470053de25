import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { loadAccount } from '../load-account.ts'
import { type CapDeps, loadSpending, refuseCap, spendCapOf } from './load-spend-cap.ts'

/** What a spend cap would mean. Changes nothing. */
export const previewSpendCap =
  (deps: CapDeps): Handlers<typeof billingContract>['previewSpendCap'] =>
  async ({ accountId, capMinor }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const spending = await loadSpending(deps, loaded.value, call.now)
    const refusal = refuseCap(spending, capMinor)
    if (refusal) return refusal
    return ok(spendCapOf(spending, { ...spending.account, spendCapMinor: capMinor }))
  }
