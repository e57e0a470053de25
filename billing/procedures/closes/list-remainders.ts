import type { closeProcedures } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { readRemainders } from '../../workflows/close-invoice/remainder/settle-remainder.ts'
import type { BillingDeps } from '../deps.ts'
import { loadAccount } from '../load-account.ts'

/** What became of usage that no further invoice could carry, oldest first. */
export const listRemainders =
  (deps: Pick<BillingDeps, 'accounts' | 'billing'>): Handlers<typeof closeProcedures>['listRemainders'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const remainders = (await readRemainders(deps.billing, accountId)).map(
      ({ period, units, amountMinor, currency, kind, invoiceId, settledAt }) => ({
        ...{ period, units, amountMinor, currency, kind, invoiceId, settledAt },
      }),
    )
    return ok({ remainders })
  }
