import { DAY_MS, type Instant, plusMs } from '#kernel/time'
import type { SubscriptionStripe } from '../stripe/ports.ts'
import type { Dunning } from './dunning-record.ts'
import type { Collection } from './ports.ts'

/**
 * What follows when an invoice is not paid, as a pure function of what Stripe says, what was done and the time:
 * tell → remind → warn → block → end the subscription, until the invoice is settled. Stripe's own retries go on
 * meanwhile.
 */
export type DunningPolicy = {
  /** From the first failed payment until calls are refused. */
  readonly graceMs: number
  /** From then until the subscription is ended. */
  readonly cancelMs: number
}

/** The longest notice before calls are refused. */
const WARNING_MS = DAY_MS

export type Schedule = Pick<Dunning, 'reminderAt' | 'lastWarningAt' | 'blockAt' | 'cancelAt'>

/**
 * When what happens, fixed when the payment first fails, so that what a mail announced stays true when the policy is
 * changed. The reminder comes halfway, the last warning a day before the block; in a short grace a quarter of it.
 */
export function scheduleOf(failedAt: Instant, { graceMs, cancelMs }: DunningPolicy): Schedule {
  const blockAt = plusMs(failedAt, graceMs)
  return {
    reminderAt: plusMs(failedAt, Math.floor(graceMs / 2)),
    lastWarningAt: plusMs(blockAt, -Math.min(WARNING_MS, Math.floor(graceMs / 4))),
    blockAt,
    cancelAt: plusMs(blockAt, cancelMs),
  }
}

export type DunningAction =
  /** There is nothing more to collect. */
  | { readonly kind: 'settle'; readonly how: 'paid' | 'forgiven' }
  | { readonly kind: 'tell'; readonly stage: 'failed' | 'authentication' | 'reminder' | 'last_warning' }
  | { readonly kind: 'block' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'wait'; readonly until: Instant }
  /** Everything that can be done was; only the payment is missing. */
  | { readonly kind: 'rest' }

/** The next thing to do. Each thing is done once; after a delay only the newest notice is given. */
export function decideDunning(invoice: Collection, record: Dunning, now: Instant): DunningAction {
  if (invoice.status === 'paid') return { kind: 'settle', how: 'paid' }
  if (invoice.status !== 'open') return { kind: 'settle', how: 'forgiven' }
  const has = (stage: Dunning['told'][number]) => record.told.includes(stage)
  if (!has('failed')) return { kind: 'tell', stage: 'failed' }
  if (invoice.needsAuthentication && !has('authentication')) return { kind: 'tell', stage: 'authentication' }
  if (record.inForceAt === undefined) {
    if (record.blockedAt !== undefined || now >= record.blockAt) return { kind: 'block' }
    if (now >= record.lastWarningAt)
      return has('last_warning') ? wait(record.blockAt) : { kind: 'tell', stage: 'last_warning' }
    if (now < record.reminderAt) return wait(record.reminderAt)
    return has('reminder') ? wait(record.lastWarningAt) : { kind: 'tell', stage: 'reminder' }
  }
  if (record.cancelledAt !== undefined) return { kind: 'rest' }
  return now >= record.cancelAt ? { kind: 'cancel' } : wait(record.cancelAt)
}

const wait = (until: Instant): DunningAction => ({ kind: 'wait', until })

/**
 * Whether an invoice is one to collect: open, tried, and not the first one of a subscription that never began (Stripe
 * ends that by itself after 23 hours, and the customer lost nothing). The subscription is read only where it matters.
 */
export async function isFailing(
  stripe: Pick<SubscriptionStripe, 'getSubscription'>,
  invoice: Pick<Collection, 'status' | 'attempted' | 'billingReason' | 'subscriptionId'>,
): Promise<boolean> {
  if (invoice.status !== 'open' || !invoice.attempted) return false
  if (invoice.billingReason !== 'subscription_create' || invoice.subscriptionId === null) return true
  const { status } = await stripe.getSubscription(invoice.subscriptionId)
  return status !== 'incomplete' && status !== 'incomplete_expired'
}
