import type { Instant, Period } from '#kernel/time'
import type { Account, Segment } from '../domain/records.ts'
import { decidePaidStep, firstFreePeriod, nextFreePeriod } from '../domain/segment.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { markDue } from './due.ts'
import type { AccountStore } from './store.ts'

/**
 * Opens an account on Free: the account and its first segment, the UTC month of `openedAt`. Repeating it, or being cut
 * off between the two writes, changes nothing that is there. The account that is stored in the end.
 */
export async function openFree(
  accounts: AccountStore,
  opening: { readonly accountId: string; readonly openedAt: Instant; readonly planVersionId: string },
): Promise<Account> {
  await accounts.addAccount({
    ...opening,
    ...{ customerId: null, subscriptionId: null, entitlementVersion: 0, blocks: [] },
  })
  const account = await accounts.getAccount(opening.accountId)
  if (!account) throw new Error(`the account ${opening.accountId} was written and is not there`)
  if (!(await accounts.newestSegment(account.accountId)))
    await accounts.addSegment(freeSegment(account, firstFreePeriod(account.openedAt)))
  return account
}

/**
 * Opens the Free months that have begun since the newest segment ended, one after the other, so that idle months leave
 * no gap. The segment that contains `now`, or the newest one of an account with a subscription, whose next segment
 * comes from Stripe. Throws when the account has no segment at all.
 */
export async function catchUpFree(accounts: AccountStore, account: Account, now: Instant): Promise<Segment> {
  for (;;) {
    const newest = await newestOf(accounts, account.accountId)
    if (account.subscriptionId !== null || now < newest.end) return newest
    await accounts.addSegment(freeSegment(account, nextFreePeriod(newest)))
  }
}

/**
 * Gives a subscription's current period its segment and returns it; the one before is ended where it has to be. Calling
 * it again for the same period returns the same segment. A segment of another subscription must have been ended by its
 * plan change; time since then was spent on Free, the plan of `account`, which is therefore the account as it was before
 * the purchase. The account's entitlement is marked due, because a cap belongs to a segment.
 */
export async function nextSegment(
  deps: Pick<BillingDeps, 'accounts' | 'billing'>,
  account: Account,
  paid: { readonly planVersionId: string; readonly subscriptionId: string; readonly period: Period },
): Promise<Segment> {
  const { accounts } = deps
  const { accountId } = account
  for (;;) {
    let newest = await newestOf(accounts, accountId)
    if (newest.subscriptionId !== paid.subscriptionId && newest.end < paid.period.start)
      newest = await catchUpFree(accounts, { ...account, subscriptionId: null }, paid.period.start)
    const step = decidePaidStep(newest, paid.period)
    if (step.kind === 'present') return newest
    await markDue(deps.billing, 'entitle-due', accountId)
    if (step.kind === 'cut') await accounts.endSegment(newest, step.end)
    else {
      const segment = emptySegment({ ...paid, accountId, ...step.period })
      if (step.kind === 'append') await accounts.addSegment(segment)
      else await accounts.replaceSegment(newest, segment)
    }
  }
}

async function newestOf(accounts: AccountStore, accountId: string): Promise<Segment> {
  const newest = await accounts.newestSegment(accountId)
  if (!newest) throw new Error(`the account ${accountId} has no segment`)
  return newest
}

const freeSegment = ({ accountId, planVersionId }: Account, period: Period): Segment =>
  emptySegment({ accountId, planVersionId, subscriptionId: null, ...period })

const emptySegment = (
  segment: Pick<Segment, 'accountId' | 'start' | 'end' | 'planVersionId' | 'subscriptionId'>,
): Segment => ({
  ...{ accountId: segment.accountId, start: segment.start, end: segment.end },
  ...{ planVersionId: segment.planVersionId, subscriptionId: segment.subscriptionId },
  ...{ carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
})
