import { type ChangeKind, isFree, type PlanVersion } from '#billing/contract'
import { type Failure, fail } from '#kernel/result'
import { type Instant, MINUTE_MS, plusMs, toIso } from '#kernel/time'
import type { Account, Segment } from '../domain/records.ts'
import type { SubscriptionView } from '../stripe/views.ts'
import type { PlanChange } from '../workflows/work-item.ts'
import { settledAt } from './ports.ts'

/** A segment that is cut has whole minutes, in which usage can be stamped. */
const FIRST_MS = 5 * MINUTE_MS

export type ChangeFacts = {
  readonly account: Account
  readonly segment: Segment
  readonly current: PlanVersion
  /** The version on sale. */
  readonly target: PlanVersion
  /** The account's subscription, as Stripe has it now; null on Free. */
  readonly subscription: SubscriptionView | null
  readonly open: PlanChange | undefined
  readonly now: Instant
}

/**
 * What a change from one version to another is. Dearer means now, everything else the end of the period: nobody loses
 * what they paid for, and nobody gets a dearer plan's units for a cheaper plan's fee.
 */
export function kindOf(current: PlanVersion, target: PlanVersion): ChangeKind {
  if (isFree(target)) return 'cancel'
  if (isFree(current)) return 'purchase'
  // The versions of a plan share its meter: two subscriptions on it would both bill what is used meanwhile.
  if (target.id === current.id) return 'renewal'
  return BigInt(target.flatFeeMinor) > BigInt(current.flatFeeMinor) ? 'upgrade' : 'downgrade'
}

/** Why a change cannot be made now; null: it can. */
export function refuseChange(facts: ChangeFacts): Failure | null {
  const { account, current, target, open, now } = facts
  if (target.planVersionId === current.planVersionId || (isFree(target) && isFree(current)))
    return fail('already_on_plan', `You are on ${current.name} already.`)
  if (account.blocks.includes('suspended') || account.blocks.includes('closed'))
    return refused('Your account is stopped. Write to support before you change its plan.')
  if (account.blocks.includes('unpaid'))
    return refused('A payment is overdue. Pay the open invoice under Billing, then change your plan.')
  if (isOpen(open, now))
    return refused('Another change is under way. Finish it or drop it on the plan page first.')
  return facts.subscription ? refusePaid(facts, facts.subscription) : null
}

function refusePaid(
  { current, target, segment, now }: ChangeFacts,
  { status, currentPeriod, endedAt }: SubscriptionView,
): Failure | null {
  if (endedAt !== null) return refused('Your subscription has just ended. Try again in a minute.')
  if (status !== 'active')
    return refused('A payment is overdue. Pay the open invoice under Billing, then change your plan.')
  const start = Math.max(segment.start, currentPeriod.start)
  if (now - start < FIRST_MS)
    return refused(
      `Your period on ${current.name} began less than five minutes ago. Try again after ${timeOf(plusMs(segment.start, FIRST_MS))}.`,
    )
  if (now >= segment.end) return refused('Your plan is being renewed. Try again in a few minutes.')
  if (kindOf(current, target) === 'upgrade' && now >= settledAt(segment.end))
    return refused(
      `Your period ends at ${timeOf(segment.end)}, and its renewal is being prepared. Upgrade five minutes after that.`,
    )
  return null
}

/** Whether a change is under way: paid, or waiting for its payment. A Checkout that was left does not stop another choice. */
export const isOpen = (open: PlanChange | undefined, now: Instant): boolean =>
  open !== undefined &&
  (open.state === 'switching' ||
    (open.state === 'paying' && (open.expiresAt == null || now < open.expiresAt)))

/** Why what is scheduled cannot be taken back; null: it can. */
export function refuseUndo(at: Instant, now: Instant): Failure | null {
  if (now < settledAt(at)) return null
  return refused(
    `Changes can be undone until an hour before the period ends, which is at ${timeOf(at)}. Choose a plan again after that.`,
  )
}

/** `10:35 UTC on 2026-11-22`. */
const timeOf = (at: Instant): string => {
  const iso = toIso(at)
  return `${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}`
}

const refused = (message: string): Failure => fail('plan_change_refused', message)
