import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { DAY_MS, instant } from '#kernel/time'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from './deps.ts'
import { loadAccount } from './load-account.ts'

/** How far back a last use is looked for. */
const LAST_USE_DAYS = 62

/** Last use of each key, with its calls and units in the open segment. Keys that were not used are left out. */
export const keyUsage =
  (deps: Pick<BillingDeps, 'accounts' | 'ledger'>): Handlers<typeof billingContract>['keyUsage'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { segment } = loaded.value
    const before = { start: instant(segment.start - LAST_USE_DAYS * DAY_MS), end: segment.start }
    const earlier = await foldPeriod(deps.ledger, accountId, before)
    const open = await foldPeriod(deps.ledger, accountId, segment)
    const keys = Object.entries({ ...earlier.byKey, ...open.byKey }).map(([keyId, { lastUsedAt }]) => ({
      keyId,
      lastUsedAt,
      units: open.byKey[keyId]?.units ?? 0,
      calls: open.byKey[keyId]?.calls ?? 0,
    }))
    return ok({ keys })
  }
