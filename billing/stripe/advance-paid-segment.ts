import type { Table } from '#kernel/table'
import type { Instant, Period } from '#kernel/time'
import { nextSegment } from '../accounts/advance-segment.ts'
import type { AccountStore } from '../accounts/store.ts'
import type { Segment } from '../domain/records.ts'
import { markClosing } from './closing.ts'
import type { InvoiceStripe, SubscriptionStripe } from './ports.ts'
import type { InvoiceView, SubscriptionView } from './views.ts'

export type AdvancePorts = {
  readonly billing: Table
  readonly accounts: AccountStore
  readonly stripe: Pick<SubscriptionStripe, 'getSubscription'> & Pick<InvoiceStripe, 'listInvoices'>
}

/**
 * Adds the segments that follow the newest one of a paid account once its end has passed, from Stripe's periods; never
 * a gap and never an overlap. Returns what follows, oldest first: nothing while the segment runs, when Stripe has not
 * renewed the subscription yet (ask again later), and when the subscription has ended.
 */
export async function advancePaidSegment(
  { billing, accounts, stripe }: AdvancePorts,
  accountId: string,
  now: Instant,
): Promise<Segment[]> {
  const account = await accounts.getAccount(accountId)
  const newest = await accounts.newestSegment(accountId)
  if (!account || !newest?.subscriptionId || now < newest.end) return []
  const { planVersionId, subscriptionId } = newest
  const subscription = await stripe.getSubscription(subscriptionId)
  if (!LIVE.has(subscription.status)) return []
  const missed = newest.end < subscription.currentPeriod.start
  const invoices = missed ? await stripe.listInvoices({ subscriptionId }) : []
  const added: Segment[] = []
  for (const period of followingPeriods(newest.end, subscription, invoices)) {
    // Listed for its close before it exists: a crash in between leaves a listing, never a segment without one.
    await markClosing(billing, { accountId, end: period.end })
    added.push(await nextSegment({ accounts, billing }, account, { planVersionId, subscriptionId, period }))
  }
  return added
}

/**
 * Stripe's periods after `end`, oldest first. Periods that were missed altogether are those of the cycle invoices,
 * each of which covers the period that ended when it was made.
 */
export function followingPeriods(
  end: Instant,
  subscription: Pick<SubscriptionView, 'currentPeriod'>,
  invoices: readonly Pick<InvoiceView, 'billingReason' | 'period'>[],
): Period[] {
  const ended = invoices
    .filter(({ billingReason }) => billingReason === 'subscription_cycle')
    .map(({ period }) => period)
    .sort((a, b) => a.end - b.end)
  return [...ended, subscription.currentPeriod].filter(period => period.end > end)
}

/** Statuses in which a subscription has a running period. Dunning keeps the period: usage goes on or is blocked. */
const LIVE: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due', 'unpaid'])
