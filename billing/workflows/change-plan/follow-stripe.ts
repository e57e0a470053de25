import { isFree } from '#billing/contract'
import type { Instant } from '#kernel/time'
import { catchUpFree } from '../../accounts/advance-segment.ts'
import { markDue } from '../../accounts/due.ts'
import { noteScheduled } from '../../changes/scheduled.ts'
import type { Account, Segment } from '../../domain/records.ts'
import { nextFreePeriod } from '../../domain/segment.ts'
import { followSubscription } from '../../stripe/advance-paid-segment.ts'
import { unmarkClosing } from '../../stripe/closing.ts'
import { TransientError } from '../../stripe/failure.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { withLease } from '../lease.ts'
import { settleInvoices } from './end-old.ts'
import { type ChangePorts, type ChangeState, changeHolder } from './state.ts'

/** A subscription that goes on with another plan: its new segment, then the plan of the account. */
export async function followRenewal(
  ports: ChangePorts,
  state: ChangeState,
  now: Instant,
): Promise<ChangeState> {
  const { accountId, subscriptionId } = state
  const subscription = await ports.stripe.getSubscription(subscriptionId)
  const planVersionId = await withLease(ports.billing, accountId, changeHolder(state), now, async () => {
    await followSubscription(ports, accountId, subscription)
    const account = await needAccount(ports, accountId)
    const newest = await ports.accounts.newestSegment(accountId)
    if (account.subscriptionId !== subscriptionId || newest?.subscriptionId !== subscriptionId)
      return account.planVersionId
    const { planVersionId } = newest
    await markDue(ports.billing, 'entitle-due', accountId)
    await change(ports, account, { planVersionId })
    await noteScheduled(ports, await needAccount(ports, accountId), subscription)
    return planVersionId
  })
  return { ...state, planVersionId, outcome: 'switched' }
}

/**
 * An account whose subscription has ended, whatever ended it, goes back to Free at that instant. Blocks stay: one for an
 * unpaid invoice is lifted when that is paid.
 */
export async function leaveSubscription(
  ports: ChangePorts,
  state: ChangeState,
  now: Instant,
): Promise<ChangeState> {
  const { accountId, subscriptionId } = state
  const subscription = await ports.stripe.getSubscription(subscriptionId)
  const free = (await ports.plans.listLive()).find(isFree)
  if (!free) throw new WorkflowStateInvalid('no free plan is on sale')
  const { planVersionId } = free
  await withLease(ports.billing, accountId, changeHolder(state), now, async () => {
    const account = await needAccount(ports, accountId)
    if (account.subscriptionId === null) await catchUpFree(ports.accounts, account, now)
    if (account.subscriptionId !== subscriptionId) return
    await followSubscription(ports, accountId, subscription)
    const newest = await ports.accounts.newestSegment(accountId)
    if (newest?.subscriptionId === subscriptionId && subscription.endedAt !== null)
      await replaceUnused(ports, newest, subscription.endedAt, planVersionId)
    await settleInvoices(ports, accountId, subscriptionId, now)
    await markDue(ports.billing, 'entitle-due', accountId)
    await change(ports, account, { planVersionId, subscriptionId: null, scheduled: null })
    await catchUpFree(ports.accounts, await needAccount(ports, accountId), now)
  })
  return { ...state, planVersionId, outcome: 'switched' }
}

/** A period that ended when it began was never used: Free takes its place. */
async function replaceUnused(
  { accounts, billing }: ChangePorts,
  newest: Segment,
  endedAt: Instant,
  planVersionId: string,
): Promise<void> {
  if (endedAt > newest.start) return
  const period = nextFreePeriod({ end: newest.start })
  await accounts.replaceSegment(newest, { ...newest, ...period, planVersionId, subscriptionId: null })
  await unmarkClosing(billing, newest)
}

async function needAccount({ accounts }: ChangePorts, accountId: string): Promise<Account> {
  const account = await accounts.getAccount(accountId)
  if (!account) throw new WorkflowStateInvalid(`billing does not know the account ${accountId}`)
  return account
}

async function change({ accounts }: ChangePorts, account: Account, to: Partial<Account>): Promise<void> {
  if (!(await accounts.changeAccount(account, to)))
    throw new TransientError(`the account ${account.accountId} was changed meanwhile`)
}
