import { isFree, type MigratedAccount, type PlanVersion } from '#billing/contract'
import { DAY_MS, HOUR_MS, type Instant, plusMs, toIso } from '#kernel/time'
import { isOpen } from '../../changes/decide-change.ts'
import { settledAt } from '../../changes/ports.ts'
import type { Account, Segment } from '../../domain/records.ts'
import type { SubscriptionView } from '../../stripe/views.ts'
import type { PlanChange } from '../work-item.ts'

/** What a migration does with one customer now. */
export type MigrationStep =
  /** On the target already. */
  | { readonly kind: 'migrated' }
  /** Left alone; the reason is for the owner. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** Not at the coming renewal but at the one after it: looked at again at `until`. */
  | { readonly kind: 'defer'; readonly until: Instant; readonly reason: string }
  /** To be scheduled for the coming renewal. */
  | { readonly kind: 'schedule'; readonly at: Instant }
  /** Scheduled by an earlier try. */
  | { readonly kind: 'scheduled'; readonly at: Instant }

export type AccountFacts = {
  readonly account: Account | undefined
  readonly newestSegment: Segment | undefined
  /** Null on Free. */
  readonly subscription: SubscriptionView | null
  readonly open: PlanChange | undefined
}

/** Pure. `noticeMs`: a renewal that is nearer is left alone, so that every customer hears of it in time. */
export function decideAccount(
  { account, newestSegment, subscription, open }: AccountFacts,
  target: PlanVersion,
  noticeMs: number,
  now: Instant,
): MigrationStep {
  if (!account || !newestSegment) return skip('the account is not there any more')
  if (account.planVersionId === target.planVersionId) return { kind: 'migrated' }
  if (!account.planVersionId.startsWith(`${target.id}@`)) return skip(`is on ${account.planVersionId} by now`)
  if (account.blocks.includes('closed')) return skip('the account is closed')
  if (isFree(target)) {
    if (account.subscriptionId !== null) return skip('has a subscription')
    return whenNoticed(newestSegment.end, noticeMs, now)
  }
  if (!subscription || subscription.endedAt !== null) return skip('its subscription has ended')
  if (subscription.cancelsAt !== null) return skip(`leaves on ${dayOf(subscription.cancelsAt)}`)
  const { scheduled } = account
  if (scheduled?.kind === 'renewal' && scheduled.planVersionId === target.planVersionId)
    return { kind: 'scheduled', at: scheduled.at }
  if (scheduled)
    return skip(`has a change of its own: ${scheduled.planVersionId ?? 'to Free'} on ${dayOf(scheduled.at)}`)
  if (isOpen(open, now)) return skip('is changing its plan at the moment')
  if (subscription.status !== 'active') return skip(`a payment is overdue (${subscription.status})`)
  return whenNoticed(subscription.currentPeriod.end, noticeMs, now)
}

/** A renewal within the hour is settled; one within the notice comes too early. */
function whenNoticed(renewsAt: Instant, noticeMs: number, now: Instant): MigrationStep {
  if (renewsAt <= now) return { kind: 'defer', until: plusMs(now, HOUR_MS), reason: 'is being renewed' }
  if (settledAt(renewsAt) > now && plusMs(renewsAt, -noticeMs) >= now)
    return { kind: 'schedule', at: renewsAt }
  const notice = `${Math.round(noticeMs / DAY_MS)} days`
  const until = plusMs(renewsAt, HOUR_MS)
  return { kind: 'defer', until, reason: `renews on ${dayOf(renewsAt)}, sooner than the notice of ${notice}` }
}

const skip = (reason: string): MigrationStep => ({ kind: 'skip', reason })
const dayOf = (at: Instant): string => toIso(at).slice(0, 10)

/** How a customer stands after a step that needs no effect. */
export const rowAfter = (
  row: MigratedAccount,
  step: Exclude<MigrationStep, { kind: 'schedule' }>,
): MigratedAccount => {
  switch (step.kind) {
    case 'migrated':
      return { ...row, state: 'migrated', at: row.at, reason: null }
    case 'skip':
      return { ...row, state: 'skipped', at: null, reason: step.reason }
    case 'defer':
      return { ...row, state: 'pending', at: null, reason: step.reason }
    case 'scheduled':
      return { ...row, state: 'scheduled', at: step.at, reason: null }
  }
}
