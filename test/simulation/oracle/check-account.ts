import type { Customer, World } from '../world/world.ts'
import { checkInvoices } from './check-invoices.ts'
import { checkQuota } from './check-quota.ts'
import { checkRemainders } from './check-remainders.ts'
import { type AccountFacts, loadFacts } from './facts.ts'
import { monthStart, periodEnd } from './months.ts'
import { demand, iso } from './violation.ts'

const LIVE: readonly string[] = ['active', 'trialing', 'past_due', 'unpaid']

export async function checkAccount(world: World, customer: Customer): Promise<void> {
  const facts = await loadFacts(world, customer)
  checkAgreement(facts)
  checkSegments(facts)
  checkInvoices(facts)
  checkRemainders(facts)
  checkTold(world, facts)
  await checkQuota(world, facts)
}

/** What happened was told on the bus: each purchase that was switched on, each invoice that was closed. */
function checkTold({ product }: World, { account, segments, invoicesOf }: AccountFacts): void {
  const about = product.bus.taken().filter(({ data }) => JSON.stringify(data).includes(account.accountId))
  const changes = about.filter(({ type }) => type === 'plan.changed')
  const closes = new Set(about.filter(({ type }) => type === 'invoice.closed').map(({ id }) => id))
  const paid = new Set(segments.flatMap(({ subscriptionId }) => subscriptionId ?? []))
  const closed = [...paid]
    .flatMap(invoicesOf)
    .filter(({ reason, finalizedAt }) => reason !== 'subscription_create' && finalizedAt !== null)
  demand(paid.size === 0 || changes.length > 0, () => 'nobody was told of the purchase')
  demand(closes.size === closed.length, () => `${closes.size} of ${closed.length} closes were told`)
}

/** Stripe, billing and access say the same of the account. */
function checkAgreement({ account, subscriptions, access, planOf, soldAs }: AccountFacts): void {
  const live = subscriptions.filter(({ status }) => LIVE.includes(status))
  demand(live.length < 2, () => `two subscriptions: ${live.map(({ id }) => id).join(', ')}`)
  const [current] = live
  demand(
    account.subscriptionId === (current?.id ?? null),
    () => `Stripe has the subscription ${current?.id}, billing ${account.subscriptionId}`,
  )
  const planVersionId = current ? soldAs(current) : account.planVersionId
  demand(
    account.planVersionId === planVersionId,
    () => `Stripe sold ${planVersionId}, billing has ${account.planVersionId}`,
  )
  demand(account.planVersionId.startsWith('free@') === (current === undefined), () => 'paid without paying')
  const { entitlement, gatewayKey } = access
  demand(
    entitlement?.planVersionId === planVersionId && entitlement.version === account.entitlementVersion,
    () => `access has ${JSON.stringify(entitlement)} in force, not ${planVersionId}`,
  )
  const { ratePerSecond, burst } = planOf(planVersionId).limits
  demand(
    gatewayKey?.limitSetId === `r${ratePerSecond}-b${burst}`,
    () => `the gateway key has the limits ${gatewayKey?.limitSetId}`,
  )
}

/** Segments tile the account's time, and the paid ones are Stripe's periods. */
function checkSegments({ account, segments, subscriptions, now }: AccountFacts): void {
  const [first] = segments
  demand(first?.start === monthStart(account.openedAt), () => `the first segment starts at ${first?.start}`)
  let end = first?.start ?? 0
  for (const segment of segments) {
    demand(segment.start === end && segment.end > end, () => `a gap or an overlap at ${iso(end)}`)
    end = segment.end
  }
  for (const { id, billing_cycle_anchor, ended_at } of subscriptions) {
    const paid = segments.filter(({ subscriptionId }) => subscriptionId === id)
    const anchor = billing_cycle_anchor * 1_000
    for (const [n, segment] of paid.entries()) {
      const stripeEnd = Math.min(periodEnd(anchor, n + 1), (ended_at ?? Number.POSITIVE_INFINITY) * 1_000)
      demand(
        segment.end === stripeEnd,
        () => `a paid segment ends at ${iso(segment.end)}, not ${iso(stripeEnd)}`,
      )
    }
    const start = paid[0]?.start
    const replaces = segments.some(one => one.end === start && one.subscriptionId !== null)
    // A Free month that had begun before the switch keeps its beginning, and so does a plan that is left.
    demand(
      start === undefined ||
        start === anchor ||
        (start > anchor && (replaces || start === monthStart(start))),
      () => `the first paid segment starts at ${iso(start ?? 0)}, not ${iso(anchor)}`,
    )
    if (id === account.subscriptionId)
      demand(end > now, () => `the paid segments end at ${iso(end)}, before now`)
  }
}
