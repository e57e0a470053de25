import { isDeepStrictEqual } from 'node:util'
import type { PlanVersion } from '#billing/contract'
import type { AccountStore } from '../accounts/store.ts'
import type { Account } from '../domain/records.ts'
import type { PlanStore } from '../plans/store.ts'
import { TransientError } from '../stripe/failure.ts'
import type { ScheduleView, SubscriptionView } from '../stripe/views.ts'
import { versionOfPrices } from './plan-of-prices.ts'
import type { ChangeStripe } from './ports.ts'

export type Scheduled = NonNullable<Account['scheduled']>

/** What Stripe will change at the end of a subscription's period. */
export function scheduledOf(
  subscription: SubscriptionView,
  schedule: ScheduleView | null,
  versions: readonly PlanVersion[],
): Scheduled | null {
  if (subscription.endedAt !== null) return null
  if (subscription.cancelsAt !== null)
    return { kind: 'cancel', planVersionId: null, at: subscription.cancelsAt }
  const running = schedule?.phases.find(({ start }) => start === schedule.currentStart)
  const coming = running && schedule?.phases.find(({ start }) => start === running.end)
  const next = coming && versionOfPrices(versions, coming)
  const now = versionOfPrices(versions, subscription)
  if (!next || next.planVersionId === now?.planVersionId) return null
  const kind = next.id === now?.id ? 'renewal' : 'downgrade'
  return { kind, planVersionId: next.planVersionId, at: coming.start }
}

export type ScheduledPorts = {
  readonly accounts: AccountStore
  readonly plans: Pick<PlanStore, 'listVersions'>
  readonly stripe: Pick<ChangeStripe, 'getSchedule'>
}

/** Brings what the account says about its scheduled change to what Stripe says. Writes only a difference. */
export async function noteScheduled(
  ports: ScheduledPorts,
  account: Account,
  subscription: SubscriptionView,
): Promise<Scheduled | null> {
  const { scheduleId } = subscription
  const schedule = scheduleId === null ? null : await ports.stripe.getSchedule(scheduleId)
  const scheduled = scheduledOf(subscription, schedule, await ports.plans.listVersions())
  if (isDeepStrictEqual(account.scheduled ?? null, scheduled)) return scheduled
  if (!(await ports.accounts.changeAccount(account, { scheduled })))
    throw new TransientError(`the account ${account.accountId} was changed meanwhile`)
  return scheduled
}
