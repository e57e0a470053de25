import { HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { type Changing, listChanging, unmarkChanging } from '../changes/changing.ts'
import { isOpen } from '../changes/decide-change.ts'
import { type FollowPorts, followView } from '../changes/follow-subscription.ts'
import type { ChangeStripe } from '../changes/ports.ts'
import { dropUpgrade } from '../changes/upgrade.ts'
import type { SubscriptionStripe } from '../stripe/ports.ts'
import type { SubscriptionView } from '../stripe/views.ts'
import { readPlanChange } from '../workflows/work-item.ts'

export type SweepChangesDeps = FollowPorts & { readonly stripe: SubscriptionStripe & ChangeStripe }
export type SweptChanges = {
  readonly started: readonly string[]
  /** One sentence for each that failed; the others were done. */
  readonly problems: readonly string[]
}

/** A notification that was lost is found by several sweeps. Stripe repeats what was not taken for three days. */
const LOOK_BACK_MS = 2 * HOUR_MS

/**
 * Brings records and Stripe together where a notification was lost or a change was cut off: the subscriptions of
 * accounts with a change, and those that Stripe changed of late, each as if Stripe had just spoken of it. Idle it is one
 * query and one call to Stripe.
 */
export async function sweepChanges(deps: SweepChangesDeps, now: Instant): Promise<SweptChanges> {
  const started: string[] = []
  const problems: string[] = []
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const seen = new Set<string>()
  const follow: Follow = subscription =>
    attempt(subscription.id, async () => {
      if (seen.has(subscription.id)) return
      seen.add(subscription.id)
      const { started: name } = await followView(deps, subscription, now)
      if (name !== null) started.push(name)
    })
  for (const changing of await listChanging(deps.billing))
    await attempt(changing.accountId, () => settleAccount(deps, changing, follow, now))
  await attempt('the newest events', async () => {
    for (const id of await deps.stripe.listChanged(plusMs(now, -LOOK_BACK_MS)))
      if (!seen.has(id)) await attempt(id, async () => follow(await deps.stripe.getSubscription(id)))
  })
  return { started, problems }
}

type Follow = (subscription: SubscriptionView) => Promise<void>

/** The account stays listed while its change is open. */
async function settleAccount(
  deps: SweepChangesDeps,
  changing: Changing,
  follow: Follow,
  now: Instant,
): Promise<void> {
  const { accountId } = changing
  const before = await readPlanChange(deps.billing, accountId)
  // Expired unpaid, or of an account that has gone back to Free meanwhile.
  if (before?.state === 'paying') {
    const account = await deps.accounts.getAccount(accountId)
    if (!isOpen(before, now) || !account?.subscriptionId) await dropUpgrade(deps, before)
  }
  const account = await deps.accounts.getAccount(accountId)
  // Ended ones are not listed.
  if (account?.subscriptionId) await follow(await deps.stripe.getSubscription(account.subscriptionId))
  if (account?.customerId)
    for (const one of await deps.stripe.listSubscriptions({ customerId: account.customerId }))
      await follow(one)
  if (!(await readPlanChange(deps.billing, accountId))) await unmarkChanging(deps.billing, changing)
}
