import { isFree } from '#billing/contract'
import type { Call } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { openFree } from '../accounts/advance-segment.ts'
import { type Entitled, entitle } from '../accounts/entitle.ts'
import type { BillingDeps } from '../procedures/deps.ts'

/**
 * Opens an account on the live free plan and tells access. The fact may come late, twice or after the account is in
 * use: what is there stays. Access being down is left to roll-up. Throws while no free plan is published, so that the
 * bus delivers the fact again.
 */
export async function openAccount(
  deps: Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans'>,
  fact: { readonly accountId: string; readonly createdAt: Instant },
  call: Call,
): Promise<Entitled> {
  const free = (await deps.plans.listLive()).find(isFree)
  if (!free) throw new Error('no free plan is published yet')
  await openFree(deps.accounts, {
    accountId: fact.accountId,
    openedAt: fact.createdAt,
    planVersionId: free.planVersionId,
  })
  return entitle(deps, fact.accountId, call)
}
