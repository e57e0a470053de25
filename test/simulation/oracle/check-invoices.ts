import type { Segment } from '../../../billing/domain/records.ts'
import { CLOSE_DRAIN_SECONDS } from '../world/product.ts'
import { capRange } from './caps.ts'
import { checkFirst } from './check-first.ts'
import { checkLines } from './check-lines.ts'
import type { AccountFacts, StripeInvoice } from './facts.ts'
import { periodEnd } from './months.ts'
import { priceOf } from './price.ts'
import { type Bounds, trueUnits, visibleUnits } from './truth.ts'
import { demand, iso, Violation } from './violation.ts'

const DRAIN_MS = CLOSE_DRAIN_SECONDS * 1_000
/** By then a close has surely come to its end. */
const SETTLED_MS = 2 * DRAIN_MS
/** Between the report of a close and its invoice, with faults. */
const CLOSING_MS = 6 * 3_600_000

/** What is known of one closed period. */
type Closed = { readonly segment: Segment; readonly invoicedUnits: number; readonly waivedUnits: number }

/** Each period of a subscription has one invoice, with the units and amounts that were truly used. */
export function checkInvoices(facts: AccountFacts): void {
  const closed: Closed[] = []
  const began = ({ id }: { id: string }) => facts.segments.findIndex(one => one.subscriptionId === id)
  for (const subscription of [...facts.subscriptions].sort((a, b) => began(a) - began(b))) {
    const { id } = subscription
    const invoices = facts.invoicesOf(id)
    checkFirst(facts, subscription, invoices)
    const segments = facts.segments.filter(({ subscriptionId }) => subscriptionId === id)
    if (segments.length === 0) continue
    for (const { end, isLast, isCut } of endsOf(subscription, facts.now)) {
      const found = invoices.filter(one => (isCut ? isFinal(one) : isPeriodic(one) && one.periodEnd === end))
      const [invoice] = found
      const segment = segments.find(one => one.end === end)
      demand(segment !== undefined, () => `no segment ends at ${iso(end)}`)
      demand(
        found.length === 1 || (isLast && found.length === 0),
        () => `${found.length} invoices of the period until ${iso(end)}`,
      )
      if (!segment) continue
      closed.push(
        invoice
          ? checkPeriod(facts, segment, invoice, closed, isLast)
          : checkUnbilled(facts, segment, closed),
      )
    }
  }
  checkNothingLost(facts, closed)
}

const isPeriodic = ({ reason }: StripeInvoice): boolean =>
  reason === 'subscription_cycle' || reason === 'subscription_update'
/** Of a subscription that was cancelled in the middle of a period. */
const isFinal = (one: StripeInvoice): boolean =>
  one.reason !== 'subscription_cycle' && one.reason !== 'subscription_create'

/** Where the usage of a subscription is billed: at the end of each month, and where it was cancelled. */
function endsOf(
  { billing_cycle_anchor, ended_at }: AccountFacts['subscriptions'][number],
  now: number,
): { readonly end: number; readonly isLast: boolean; readonly isCut: boolean }[] {
  const ends = []
  const endedAt = ended_at === null ? Number.POSITIVE_INFINITY : ended_at * 1_000
  for (let n = 1; ; n++) {
    const end = periodEnd(billing_cycle_anchor * 1_000, n)
    if (Math.min(end, endedAt) + SETTLED_MS >= now) return ends
    ends.push({ end: Math.min(end, endedAt), isLast: endedAt <= end, isCut: endedAt < end })
    if (endedAt <= end) return ends
  }
}

/** Stripe makes no final invoice where nothing is to be paid: all that was used costs nothing. */
function checkUnbilled(facts: AccountFacts, segment: Segment, before: readonly Closed[]): Closed {
  const where = `the unbilled period until ${iso(segment.end)}`
  demand(segment.closedAt !== null, () => `${where} is not closed`)
  const settled = settledOf(facts, segment)
  const { usagePrice } = facts.planOf(segment.planVersionId)
  const cost = priceOf(usagePrice, settled.invoicedUnits)
  demand(cost === 0n, () => `${where} has ${settled.invoicedUnits} units, which cost ${cost}`)
  const visible = visibleWithCarry(facts, segment, segment.closedAt ?? 0, before, true)
  const units = settled.invoicedUnits + settled.waivedUnits
  demand(units <= Math.max(0, visible.most), () => `${where} counts ${units} units of ${visible.most}`)
  return { segment, ...settled }
}

/** The numbers of a segment as its close recorded them, before anything was recorded after its last invoice. */
function settledOf({ remainders }: AccountFacts, segment: Segment) {
  const [first] = remainders.filter(({ period }) => period.start === segment.start)
  return first?.before ?? { invoicedUnits: segment.invoicedUnits ?? 0, waivedUnits: segment.waivedUnits }
}

function checkPeriod(
  facts: AccountFacts,
  segment: Segment,
  invoice: StripeInvoice,
  before: readonly Closed[],
  isLast: boolean,
): Closed {
  const { finalizedAt, id } = invoice
  const where = `${id} until ${iso(segment.end)}`
  if (finalizedAt === null) throw new Violation(`${where} is ${invoice.status}`)
  const units = checkLines(facts, segment, invoice, isLast)
  const settled = settledOf(facts, segment)
  demand(
    segment.closedAt !== null && settled.invoicedUnits === units,
    () => `billing recorded ${settled.invoicedUnits} units of ${where}, Stripe invoiced ${units}`,
  )
  const { waivedUnits } = settled
  const visible = visibleWithCarry(facts, segment, finalizedAt, before, isLast)
  const [least, most] = [Math.max(0, visible.least), Math.max(0, visible.most)]
  demand(
    least <= units + waivedUnits && units + waivedUnits <= most,
    () => `${where} bills ${units} units and waives ${waivedUnits}; true are ${least} to ${most}`,
  )
  const plan = facts.planOf(segment.planVersionId)
  const { highest, lowest } = capRange(facts, segment, plan.defaultCapMinor)
  const amount = priceOf(plan.usagePrice, units)
  demand(
    units === 0 || highest === null || amount <= highest,
    () => `${where} bills ${amount}, above the cap ${highest}`,
  )
  demand(
    waivedUnits === 0 || (lowest !== null && priceOf(plan.usagePrice, units + 1) > lowest),
    () => `${where}: ${waivedUnits} units waived, the cap is ${lowest}`,
  )
  return { segment, invoicedUnits: units, waivedUnits }
}

/** What a close can have seen: its own period, and what earlier ones had left over by then. */
function visibleWithCarry(
  { calls }: AccountFacts,
  segment: Segment,
  finalizedAt: number,
  before: readonly Closed[],
  isLast: boolean,
): Bounds {
  // A cancellation is billed at once, after a report some time before it; what comes later is carried over.
  const read = { from: isLast ? Number.NEGATIVE_INFINITY : segment.end + DRAIN_MS, to: finalizedAt + 999 }
  const own = visibleUnits(calls, segment, read)
  return before.reduce<Bounds>((sum, closed) => {
    const closedAt = closed.segment.closedAt ?? 0
    // An upgrade is billed while the period before it drains: that one leaves to whoever is closed after it.
    if (closedAt > read.to) return sum
    const then = visibleUnits(calls, closed.segment, read)
    // With what was recorded after its last invoice: that is done only while no paid segment follows.
    const { invoicedUnits, waivedUnits } = closed.segment
    const settled = (invoicedUnits ?? closed.invoicedUnits) + waivedUnits
    const [least, most] = [then.least - settled, then.most - settled]
    const isSure = closedAt < finalizedAt - CLOSING_MS
    return {
      least: sum.least + (isSure ? least : Math.min(0, least)),
      most: sum.most + (isSure ? most : Math.max(0, most)),
    }
  }, own)
}

/** Invoiced, waived and still carried over are together what was truly used, over the whole life of the account. */
function checkNothingLost({ calls, remainders, segments }: AccountFacts, closed: readonly Closed[]): void {
  const used = closed.reduce((sum, { segment }) => sum + trueUnits(calls, segment.start, segment.end), 0)
  const settled = closed.reduce((sum, one) => sum + one.invoicedUnits + one.waivedUnits, 0)
  const later = remainders.reduce(
    (sum, { before, after }) =>
      sum + after.invoicedUnits + after.waivedUnits - before.invoicedUnits - before.waivedUnits,
    0,
  )
  const open = used - settled - later
  const last = closed.at(-1)
  const isPaying = segments.at(-1)?.subscriptionId !== null
  demand(open <= 0, () => `${open} units were used and are on no bill`)
  demand(
    open === 0 || (isPaying && last?.invoicedUnits === 0),
    () => `${-open} units were billed that nobody used`,
  )
}
