import type { billingContract } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { type Failure, fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { DAY_MS, type Instant, instant, plusMs } from '#kernel/time'
import { markDue } from '../../accounts/due.ts'
import { entitle } from '../../accounts/entitle.ts'
import type { Account } from '../../domain/records.ts'
import type { BillingDeps } from '../deps.ts'
import { loadAccount } from '../load-account.ts'
import { loadSpending, refuseCap, refuseWithoutReason, spendCapOf } from './load-spend-cap.ts'

type Deps = Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans'>

/**
 * Sets the spend cap. The trail first, then the account, then access: whoever is cut off leaves `entitle-due`, and
 * roll-up tells access within a minute. The same cap again changes nothing.
 */
export const setSpendCap =
  (deps: Deps): Handlers<typeof billingContract>['setSpendCap'] =>
  async ({ accountId, capMinor, reason }, call) => {
    for (let round = 0; round < ROUNDS; round++) {
      const loaded = await loadAccount(deps, accountId, call)
      if (!loaded.ok) return loaded
      const spending = await loadSpending(deps, loaded.value, call.now)
      const { account } = spending
      const refusal =
        refuseWithoutReason(call, reason) ?? refuseCap(spending, capMinor) ?? refuseTooMany(account, call.now)
      if (refusal) return refusal
      const isSame = account.spendCapMinor === capMinor
      if (!isSame) {
        await appendAudit(deps.billing, call, {
          ...{ accountId, action: 'spend_cap.changed', reason },
          before: { capMinor: account.spendCapMinor ?? null },
          after: { capMinor },
        })
        await markDue(deps.billing, 'entitle-due', accountId)
        if (!(await deps.accounts.changeAccount(account, changeOf(account, capMinor, call.now)))) continue
      }
      const { inForce } = await entitle(deps, accountId, call)
      return ok({ ...spendCapOf(spending, { ...account, spendCapMinor: capMinor }), inForce })
    }
    throw new Error(`the account ${accountId} changed too often to set its cap`)
  }

/** Writers of one account are few. */
const ROUNDS = 5

/** Longer than a period and its close: bills that are open then still know the caps that they had. */
const KEPT_MS = 100 * DAY_MS
/** Three a day. Each lowering of an open bill is one more fold; a person does not come near it. */
const CHANGES_MAX = 300

function refuseTooMany({ spendCapChanges = [] }: Account, now: Instant): Failure | null {
  const recent = spendCapChanges.filter(({ at }) => at > plusMs(now, -KEPT_MS))
  if (recent.length < CHANGES_MAX) return null
  return fail('cap_refused', `The spend cap was changed ${CHANGES_MAX} times in 100 days. Ask support.`)
}

function changeOf(
  { spendCapChanges = [] }: Account,
  capMinor: string | null,
  now: Instant,
): Partial<Account> {
  const since = plusMs(now, -KEPT_MS)
  const base = spendCapChanges.filter(({ at }) => at <= since).slice(-1)
  const kept = spendCapChanges.filter(({ at }) => at > since)
  // Two changes at one instant are one; a clock that is behind must not put a change before the last one.
  const at = instant(Math.max(now, kept.at(-1)?.at ?? now))
  return {
    spendCapMinor: capMinor,
    spendCapChanges: [...base, ...kept.filter(change => change.at < at), { at, capMinor }],
  }
}
