import type { Instant } from '#kernel/time'
import { nextSegment } from '../../accounts/advance-segment.ts'
import { markDue } from '../../accounts/due.ts'
import { markClosing } from '../../stripe/closing.ts'
import { TransientError } from '../../stripe/failure.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { withLease } from '../lease.ts'
import { type ChangePorts, type ChangeState, changeHolder } from './state.ts'

/**
 * Switches an account to its new subscription, from Free or from another one that has ended: what was before ends and the
 * paid segment starts at Stripe's period start, or where the one before ended; then the account names plan and
 * subscription. Every write is conditional or the same when repeated.
 */
export async function switchPlan(ports: ChangePorts, state: ChangeState, now: Instant): Promise<ChangeState> {
  const { accountId, subscriptionId, planVersionId, oldSubscriptionId } = state
  if (!planVersionId) throw new WorkflowStateInvalid('switch needs planVersionId')
  if (!(await ports.plans.getVersion(planVersionId)))
    throw new WorkflowStateInvalid(`${planVersionId} is not published`)
  const { currentPeriod: period } = await ports.stripe.getSubscription(subscriptionId)
  await withLease(ports.billing, accountId, changeHolder(state), now, async () => {
    const account = await ports.accounts.getAccount(accountId)
    if (!account) throw new WorkflowStateInvalid(`billing does not know the account ${accountId}`)
    if (account.subscriptionId === subscriptionId) return
    if (account.subscriptionId !== null && account.subscriptionId !== oldSubscriptionId)
      throw new WorkflowStateInvalid(`${accountId} is on ${account.subscriptionId} already`)
    // Listed for its close before it exists, and told to access even if this step is cut off after the change.
    await markClosing(ports.billing, { accountId, end: period.end })
    await nextSegment(ports, account, { planVersionId, subscriptionId, period })
    await markDue(ports.billing, 'entitle-due', accountId)
    if (!(await ports.accounts.changeAccount(account, { planVersionId, subscriptionId, scheduled: null })))
      throw new TransientError(`the account ${accountId} was changed meanwhile`)
  })
  return { ...state, outcome: 'switched' }
}
