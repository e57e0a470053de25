import type { Instant } from '#kernel/time'
import type { AccountStore } from '../accounts/store.ts'
import type { Account } from '../domain/records.ts'
import type { PlanStore } from '../plans/store.ts'
import type { SubscriptionStripe } from '../stripe/ports.ts'
import type { SubscriptionView } from '../stripe/views.ts'
import { type StartChangePorts, startChange, workItemOf } from '../workflows/change-plan/start-change.ts'
import type { Started } from '../workflows/start-work.ts'
import { endWork, readPlanChange, readWorkItem } from '../workflows/work-item.ts'
import { decideFollow } from './decide-follow.ts'
import type { ChangeStripe } from './ports.ts'
import { noteScheduled } from './scheduled.ts'

export type FollowPorts = StartChangePorts & {
  readonly accounts: AccountStore
  readonly plans: Pick<PlanStore, 'listVersions'>
  readonly stripe: Pick<SubscriptionStripe, 'getSubscription'> & Pick<ChangeStripe, 'getSchedule'>
}

/**
 * Refetches a subscription and does, or starts, what it asks of us. Level-triggered: notifications of any order and the
 * sweep lead to the same.
 */
export const followSubscription = async (
  ports: FollowPorts,
  subscriptionId: string,
  now: Instant,
): Promise<Started> => followView(ports, await ports.stripe.getSubscription(subscriptionId), now)

/** The same for a subscription that was read just now. */
export async function followView(
  ports: FollowPorts,
  subscription: SubscriptionView,
  now: Instant,
): Promise<Started> {
  const { accountId, id: subscriptionId } = subscription
  const account = accountId ? await ports.accounts.getAccount(accountId) : undefined
  const open = account && (await readPlanChange(ports.billing, account.accountId))
  const step = decideFollow(subscription, account, open, await ports.plans.listVersions())
  if (step.kind === 'nothing')
    return (await takeOverEnd(ports, subscription, account, now)) ?? idle(step.because)
  if (!account) return idle('not an account of ours')
  if (step.kind === 'note') {
    // While its successor is switched on it is kept from being renewed: no wish of the customer's.
    if (open?.state !== 'switching') await noteScheduled(ports, account, subscription)
    return idle('it goes on')
  }
  if (step.kind === 'expired') {
    const isStill = [{ path: 'claim', equals: open?.claim ?? '' }] as const
    await endWork(ports.billing, 'change-plan', account.accountId, isStill)
    return idle('its payment did not come')
  }
  return startChange(
    ports,
    {
      ...{ accountId: account.accountId, subscriptionId, kind: step.what, planVersionId: step.planVersionId },
      ...(step.boundary !== undefined && { boundary: step.boundary }),
    },
    now,
  )
}

/** An end that was begun and not finished: its execution failed, and meanwhile the account may have left the subscription. */
async function takeOverEnd(
  ports: FollowPorts,
  { id: subscriptionId, endedAt }: SubscriptionView,
  account: Account | undefined,
  now: Instant,
): Promise<Started | undefined> {
  if (endedAt === null || !account) return undefined
  const { accountId, planVersionId } = account
  const end = { accountId, subscriptionId, kind: 'ended', planVersionId } as const
  return (await readWorkItem(ports.billing, 'change-plan', workItemOf(end))) && startChange(ports, end, now)
}

const idle = (because: string): Started => ({ started: null, because })
