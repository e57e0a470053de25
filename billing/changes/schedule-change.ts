import type { PlanVersion } from '#billing/contract'
import type { Call } from '#kernel/rpc'
import type { BillingDeps } from '../procedures/deps.ts'
import type { SubscriptionStripe } from '../stripe/ports.ts'
import { withLease } from '../workflows/lease.ts'
import { markChanging } from './changing.ts'
import type { ChangeStripe } from './ports.ts'
import { noteScheduled, type Scheduled } from './scheduled.ts'

export type SchedulePorts = Pick<BillingDeps, 'accounts' | 'billing' | 'plans'> & {
  readonly stripe: Pick<SubscriptionStripe, 'getSubscription'> & ChangeStripe
}

/** What to happen at the end of the period; null: nothing but the renewal. */
export type Wish = { readonly kind: 'plan'; readonly plan: PlanVersion } | { readonly kind: 'cancel' } | null

/**
 * Brings Stripe to what is wished for the end of the period, then the account's note of it to what Stripe says. One at a
 * time; cut off anywhere, the sweep notes what Stripe has.
 */
export async function scheduleChange(
  ports: SchedulePorts,
  accountId: string,
  subscriptionId: string,
  wish: Wish,
  call: Call,
): Promise<Scheduled | null> {
  const { stripe, billing } = ports
  await markChanging(billing, accountId)
  return withLease(billing, accountId, `schedule-${call.requestId}`, call.now, async () => {
    if (wish === null) await stripe.clearScheduled(subscriptionId)
    else if (wish.kind === 'cancel') await stripe.cancelAtPeriodEnd(subscriptionId)
    else if (wish.plan.stripe)
      await stripe.changeAtPeriodEnd(subscriptionId, {
        planVersionId: wish.plan.planVersionId,
        flatPriceId: wish.plan.stripe.flatPriceId,
        meteredPriceId: wish.plan.stripe.meteredPriceId,
      })
    const account = await ports.accounts.getAccount(accountId)
    if (!account) throw new Error(`billing does not know the account ${accountId}`)
    return noteScheduled(ports, account, await stripe.getSubscription(subscriptionId))
  })
}
