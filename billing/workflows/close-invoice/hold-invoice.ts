import { HOUR_MS, type Instant, plusMs, toIso } from '#kernel/time'
import { advancePaidSegment } from '../../stripe/advance-paid-segment.ts'
import { TransientError } from '../../stripe/failure.ts'
import { noteOnInvoice } from '../../stripe/invoice-record.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import { CloseHeld } from '../errors.ts'
import { withLease } from '../lease.ts'
import { type ClosePorts, type CloseState, leaseHolder } from './state.ts'

/** When Stripe finalizes the draft by itself, should the close never come to it. */
const SAFETY_NET_MS = 72 * HOUR_MS

/**
 * Keeps Stripe from finalizing the draft for 72 h, finds the segment that the invoice bills, and adds the account's
 * next segment if it is missing. Sets `outcome` and `drainUntil`. An invoice that is finalized already (an earlier
 * attempt, or the safety net) goes on to the comparison.
 */
export async function holdInvoice(ports: ClosePorts, state: CloseState, now: Instant): Promise<CloseState> {
  const invoice = await ports.stripe.getInvoice(state.invoiceId)
  if (invoice.status === 'void') return { ...state, outcome: 'not_ours' }
  if (invoice.status === 'draft')
    await ports.stripe.postponeFinalization(invoice.id, plusMs(invoice.createdAt, SAFETY_NET_MS))
  const { accountId } = state
  await withLease(ports.billing, accountId, leaseHolder(state), now, () =>
    advancePaidSegment(ports, accountId, now),
  )
  const segment = await findSegment(ports, accountId, invoice)
  const isDraft = invoice.status === 'draft'
  await noteOnInvoice(ports.billing, state, {
    close: isDraft ? 'draining' : 'comparing',
    period: { start: segment.start, end: segment.end },
    planVersionId: segment.planVersionId,
  })
  return {
    ...state,
    outcome: isDraft ? 'held' : 'finalized',
    drainUntil: toIso(plusMs(segment.end, ports.drainMs)),
    segmentStart: segment.start,
  }
}

async function findSegment(ports: ClosePorts, accountId: string, invoice: InvoiceView) {
  const segments = await ports.accounts.listSegments(accountId)
  const ofSubscription = segments.filter(({ subscriptionId }) => subscriptionId === invoice.subscriptionId)
  if (ofSubscription.length === 0)
    throw new TransientError(`${accountId} has no segment of ${invoice.subscriptionId} yet`)
  const metered = new Set<string>()
  for (const { planVersionId } of ofSubscription) {
    const priceId = (await ports.plans.getVersion(planVersionId))?.stripe?.meteredPriceId
    if (priceId) metered.add(priceId)
  }
  const end = usageEndOf(invoice, metered)
  const segment = ofSubscription.find(one => one.end === end)
  if (!segment) throw new CloseHeld(`${invoice.id} ends at ${toIso(end)}, where no segment does`)
  return segment
}

/**
 * The end of the usage that an invoice bills. Metered lines carry their period; Stripe may leave lines of amount zero
 * out, and then the invoice's own window ends where the subscription's period ended.
 */
export function usageEndOf(invoice: InvoiceView, meteredPriceIds: ReadonlySet<string>): Instant {
  const line = invoice.lines.find(({ priceId }) => priceId !== null && meteredPriceIds.has(priceId))
  return line?.period.end ?? invoice.period.end
}
