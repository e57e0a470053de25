import type { PlanVersion } from '#billing/contract'
import { toUnixSeconds } from '#kernel/time'
import type { Account } from '../domain/records.ts'
import type { SubscriptionView } from '../stripe/views.ts'
import type { FollowKind } from '../workflows/change-plan/state.ts'
import type { PlanChange } from '../workflows/work-item.ts'
import { versionOfPrices } from './plan-of-prices.ts'

/**
 * What a subscription, as Stripe has it now, asks of us.
 * - `follow`: work for the machine.
 * - `expired`: the first payment of the open change did not come.
 * - `note`: the current one goes on; what is scheduled for it may have changed.
 * - `nothing`, and why.
 */
export type FollowStep =
  | {
      readonly kind: 'follow'
      readonly what: FollowKind
      readonly planVersionId: string
      readonly boundary?: number
    }
  | { readonly kind: 'expired' }
  | { readonly kind: 'note' }
  | { readonly kind: 'nothing'; readonly because: string }

export function decideFollow(
  subscription: SubscriptionView,
  account: Account | undefined,
  open: PlanChange | undefined,
  versions: readonly PlanVersion[],
): FollowStep {
  const { id, accountId, planVersionId, status, endedAt } = subscription
  if (!accountId || !planVersionId) return nothing('not a subscription of ours')
  if (!account || account.accountId !== accountId) return nothing('not an account of ours')
  const isOfOpen = isNamedBy(open, subscription)
  if (account.subscriptionId === id && isOfOpen && open?.state === 'switching' && endedAt === null)
    // Switched on, and not announced yet: an execution that failed there is taken over.
    return { kind: 'follow', what: 'switch_on', planVersionId }
  if (account.subscriptionId === id) return decideCurrent(subscription, account, versions)
  if (endedAt !== null || status === 'incomplete_expired')
    return isOfOpen && open?.state === 'paying' ? { kind: 'expired' } : nothing('the subscription has ended')
  if (status === 'incomplete') return nothing(`the subscription is ${status}`)
  const isWanted = isOfOpen || (account.subscriptionId === null && open?.state !== 'switching')
  return { kind: 'follow', what: isWanted ? 'switch_on' : 'unwanted', planVersionId }
}

function decideCurrent(
  subscription: SubscriptionView,
  account: Account,
  versions: readonly PlanVersion[],
): FollowStep {
  const { endedAt, currentPeriod } = subscription
  if (endedAt !== null) return { kind: 'follow', what: 'ended', planVersionId: account.planVersionId }
  const soldAs = versionOfPrices(versions, subscription)
  if (!soldAs || soldAs.planVersionId === account.planVersionId) return { kind: 'note' }
  const boundary = toUnixSeconds(currentPeriod.start)
  return { kind: 'follow', what: 'renewed', planVersionId: soldAs.planVersionId, boundary }
}

/** By its id, or, when the open change did not get to note that, by the claim in its metadata. */
export function isNamedBy(open: PlanChange | undefined, { id, claim }: SubscriptionView): boolean {
  if (!open) return false
  return open.subscriptionId === id || (open.subscriptionId == null && claim !== null && claim === open.claim)
}

const nothing = (because: string): FollowStep => ({ kind: 'nothing', because })
