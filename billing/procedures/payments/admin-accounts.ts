import type { AccountRow, billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { pageAccountIds } from '../../accounts/account-index.ts'
import type { Account } from '../../domain/records.ts'
import { readSuspended } from '../../payments/apply-blocks.ts'
import { dunningOf } from '../../payments/dunning-of.ts'
import { readCollecting } from '../../payments/dunning-record.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'
import { adminAccount } from './admin-account.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'plans'>
type Procedures = Handlers<typeof billingContract>

const PAGE = 50

/** A page of accounts in the order of their ids. */
export const adminListAccounts =
  (deps: Deps): Procedures['adminListAccounts'] =>
  async ({ problems = false, after = '', limit = PAGE }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const ids = problems
      ? (await listProblems(deps)).filter(id => id > after).slice(0, limit + 1)
      : await pageAccountIds(deps.billing, after, limit + 1)
    const shown = ids.slice(0, limit)
    const accounts = await Promise.all(shown.map(id => deps.accounts.getAccount(id)))
    const rows = await Promise.all(accounts.flatMap(account => (account ? [presentRow(deps, account)] : [])))
    return ok({ accounts: rows, next: ids.length > limit ? (shown.at(-1) ?? null) : null })
  }

export const adminGetAccount =
  (deps: Deps): Procedures['adminGetAccount'] =>
  async ({ accountId }, call) => {
    const found = await adminAccount(deps, accountId, call)
    return found.ok ? ok(await presentRow(deps, found.value)) : found
  }

async function listProblems({ billing }: Deps): Promise<string[]> {
  const [collecting, suspended] = await Promise.all([readCollecting(billing), readSuspended(billing)])
  return [...new Set([...collecting.map(({ accountId }) => accountId), ...suspended])].sort()
}

async function presentRow({ billing, plans }: Deps, account: Account): Promise<AccountRow> {
  const { accountId, planVersionId, openedAt, blocks, customerId, subscriptionId } = account
  const [plan, payment] = await Promise.all([plans.getVersion(planVersionId), dunningOf(billing, accountId)])
  return {
    ...{ accountId, planVersionId, openedAt, blocks, customerId, subscriptionId },
    planName: plan?.name ?? planVersionId,
    payment: customerId === null ? 'none' : payment,
  }
}
