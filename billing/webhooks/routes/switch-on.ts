import type { Instant } from '#kernel/time'
import type { Account } from '../../domain/records.ts'
import type { SubscriptionView } from '../../stripe/views.ts'
import { type Started, startWork } from '../../workflows/start-work.ts'
import { endWork } from '../../workflows/work-item.ts'
import { idle, type Route, type StarterPorts } from '../route.ts'

/** An active subscription of ours that its account does not have yet is switched on. */
export const switchOn: Route = async (ports, subscriptionId, now) => {
  const subscription = await ports.stripe.getSubscription(subscriptionId)
  const { accountId } = subscription
  const account = accountId ? await ports.accounts.getAccount(accountId) : undefined
  const change = changeOf(subscription, account)
  return typeof change === 'string' ? idle(change) : startChange(ports, change, now)
}

/** The subscription that a Checkout session made. */
export const switchOnSession: Route = async (ports, sessionId, now) => {
  const { subscriptionId } = await ports.stripe.getSession(sessionId)
  return subscriptionId ? switchOn(ports, subscriptionId, now) : idle('the session has no subscription')
}

type Change = { readonly accountId: string; readonly subscriptionId: string; readonly planVersionId: string }

/** What to switch on, or why nothing is. */
export function changeOf(
  { id, accountId, planVersionId, status }: SubscriptionView,
  account: Pick<Account, 'accountId' | 'subscriptionId'> | undefined,
): Change | string {
  if (!accountId || !planVersionId) return 'not a subscription of ours'
  if (!account || account.accountId !== accountId) return 'not an account of ours'
  if (status !== 'active') return `the subscription is ${status}`
  if (account.subscriptionId === id) return 'the subscription is switched on'
  if (account.subscriptionId !== null) return 'the account has another subscription'
  return { accountId, subscriptionId: id, planVersionId }
}

async function startChange(
  { billing, accounts, executions, machines }: StarterPorts,
  { accountId, subscriptionId, planVersionId }: Change,
  now: Instant,
): Promise<Started> {
  const started = await startWork(
    billing,
    executions,
    {
      machine: 'change-plan',
      machineArn: machines.changePlan,
      object: accountId,
      subject: subscriptionId,
      input: { accountId, subscriptionId, planVersionId, planId: planVersionId.split('@')[0] },
    },
    now,
  )
  // The execution may have ended between the decision and the claim: then the claim has nobody who would remove it.
  const account = started.started === null ? undefined : await accounts.getAccount(accountId)
  if (account?.subscriptionId === subscriptionId && started.started !== null) {
    const status = await executions.status(machines.changePlan, started.started)
    const owned = [{ path: 'owner', equals: started.started }]
    if (status === 'succeeded') await endWork(billing, 'change-plan', accountId, owned)
  }
  return started
}
