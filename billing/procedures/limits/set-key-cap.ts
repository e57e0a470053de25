import type { billingContract } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { markDue } from '../../accounts/due.ts'
import { entitle } from '../../accounts/entitle.ts'
import { foldPeriod } from '../../ledger/fold-period.ts'
import type { BillingDeps } from '../deps.ts'
import { loadAccount } from '../load-account.ts'
import { keyCapOf } from './get-limits.ts'
import { refuseWithoutReason } from './load-spend-cap.ts'

type Deps = Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans'>

/** Sets how many units a key may use in a period. Caps of keys that are no longer active go along. */
export const setKeyCap =
  (deps: Deps): Handlers<typeof billingContract>['setKeyCap'] =>
  async ({ accountId, keyId, units, reason }, call) => {
    for (let round = 0; round < ROUNDS; round++) {
      const loaded = await loadAccount(deps, accountId, call)
      if (!loaded.ok) return loaded
      const refusal = refuseWithoutReason(call, reason)
      if (refusal) return refusal
      const listed = await deps.access.listKeys({ accountId }, call)
      if (!listed.ok) return listed
      const active = new Set(listed.value.keys.flatMap(key => (key.status === 'active' ? [key.keyId] : [])))
      if (!active.has(keyId)) return fail('key_not_found', 'There is no such active key.')
      const { account, segment } = loaded.value
      const { [keyId]: before = null, ...others } = account.keyCaps ?? {}
      if (before !== units) {
        await appendAudit(deps.billing, call, {
          ...{ accountId, action: 'key_cap.changed', reason },
          before: { keyId, units: before },
          after: { keyId, units },
        })
        await markDue(deps.billing, 'entitle-due', accountId)
        const kept = Object.entries(others).filter(([id]) => active.has(id))
        const keyCaps = Object.fromEntries(units === null ? kept : [...kept, [keyId, units]])
        if (!(await deps.accounts.changeAccount(account, { keyCaps }))) continue
      }
      const { inForce } = await entitle(deps, accountId, call)
      const { byKey } = await foldPeriod(deps.ledger, accountId, segment)
      return ok({ ...keyCapOf(keyId, units, byKey[keyId]?.units ?? 0), inForce })
    }
    throw new Error(`the account ${accountId} changed too often to set a cap`)
  }

/** Writers of one account are few. */
const ROUNDS = 5
