import type { PlanVersion } from '#billing/contract'
import type { Table } from '#kernel/table'
import { type Instant, instant, type Period } from '#kernel/time'
import { nextSegment } from '../accounts/advance-segment.ts'
import type { AccountStore } from '../accounts/store.ts'
import { versionOfPrices } from '../changes/plan-of-prices.ts'
import type { Segment } from '../domain/records.ts'
import type { PlanStore } from '../plans/store.ts'
import { markClosing, unmarkClosing } from './closing.ts'
import type { InvoiceStripe, SubscriptionStripe } from './ports.ts'
import type { InvoiceView, SubscriptionView } from './views.ts'

export type AdvancePorts = {
  readonly billing: Table
  readonly accounts: AccountStore
  readonly plans: Pick<PlanStore, 'listVersions'>
  readonly stripe: Pick<SubscriptionStripe, 'getSubscription'> & Pick<InvoiceStripe, 'listInvoices'>
}

/**
 * Adds the segments that follow the newest one of a paid account once its end has passed, from Stripe's periods; never
 * a gap and never an overlap. Returns what follows, oldest first: nothing while the segment runs, and when Stripe has not
 * renewed the subscription yet (ask again later). `subscriptionId`: something happened to this one, so Stripe is asked
 * even while its segment runs.
 */
export async function advancePaidSegment(
  ports: AdvancePorts,
  accountId: string,
  now: Instant,
  subscriptionId?: string | null,
): Promise<Segment[]> {
  const newest = await ports.accounts.newestSegment(accountId)
  if (!newest?.subscriptionId) return []
  if (now < newest.end && newest.subscriptionId !== subscriptionId) return []
  return followSubscription(ports, accountId, await ports.stripe.getSubscription(newest.subscriptionId))
}

/**
 * Brings an account's segments to what Stripe says of a subscription: periods that have begun are added, each with the
 * plan that it was sold as; a subscription that ended in the middle of its period ends the segment at that instant. The
 * caller holds the account's lease.
 */
export async function followSubscription(
  ports: AdvancePorts,
  accountId: string,
  subscription: SubscriptionView,
): Promise<Segment[]> {
  const { billing, accounts, stripe, plans } = ports
  const account = await accounts.getAccount(accountId)
  const newest = await accounts.newestSegment(accountId)
  if (!account || newest?.subscriptionId !== subscription.id) return []
  const { endedAt, id: subscriptionId } = subscription
  if (endedAt !== null && endedAt < newest.end) {
    await cutSegment(ports, newest, endedAt)
    return []
  }
  if (endedAt === null && !LIVE.has(subscription.status)) return []
  if (subscription.currentPeriod.end <= newest.end) return []
  const missed = newest.end < subscription.currentPeriod.start
  const invoices = missed ? await stripe.listInvoices({ subscriptionId }) : []
  const versions = await plans.listVersions()
  const added: Segment[] = []
  for (const whole of followingPeriods(newest.end, subscription, invoices)) {
    const period = endedAt === null ? whole : { start: whole.start, end: earlier(whole.end, endedAt) }
    if (period.end <= period.start) break
    const planVersionId = soldAs(whole, subscription, invoices, versions) ?? newest.planVersionId
    // Listed for its close before it exists: a crash in between leaves a listing, never a segment without one.
    await markClosing(billing, { accountId, end: period.end })
    added.push(await nextSegment({ accounts, billing }, account, { planVersionId, subscriptionId, period }))
  }
  return added
}

/** Ends a segment where its subscription did. One that never ran is left to whoever opens what follows. */
async function cutSegment(
  { billing, accounts }: AdvancePorts,
  segment: Segment,
  endedAt: Instant,
): Promise<void> {
  const { accountId, end, start } = segment
  if (endedAt <= start) return
  await markClosing(billing, { accountId, end: endedAt })
  await accounts.endSegment(segment, endedAt)
  await unmarkClosing(billing, { accountId, end })
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

/** The plan of a period: of the running one as the subscription is sold now, of one before by the fee that was billed for it. */
function soldAs(
  period: Period,
  subscription: SubscriptionView,
  invoices: readonly InvoiceView[],
  versions: readonly PlanVersion[],
): string | undefined {
  if (period.start === subscription.currentPeriod.start)
    return versionOfPrices(versions, subscription)?.planVersionId
  const billed = invoices
    .flatMap(({ lines }) => lines)
    .filter(line => line.period.start === period.start && line.period.end === period.end)
  const priceIds = billed.flatMap(({ priceId }) => priceId ?? [])
  return versions.find(
    ({ stripe }) =>
      stripe && (priceIds.includes(stripe.flatPriceId) || priceIds.includes(stripe.meteredPriceId)),
  )?.planVersionId
}

const earlier = (a: Instant, b: Instant): Instant => instant(Math.min(a, b))

/** Statuses in which a subscription has a running period. Dunning keeps the period: usage goes on or is blocked. */
const LIVE: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due', 'unpaid'])
