import { HOUR_MS, type Instant, plusMs, toIso } from '#kernel/time'
import { advancePaidSegment } from '../../stripe/advance-paid-segment.ts'
import { markClosing } from '../../stripe/closing.ts'
import { TransientError } from '../../stripe/failure.ts'
import { noteOnInvoice } from '../../stripe/invoice-record.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import { CloseHeld } from '../errors.ts'
import { withLease } from '../lease.ts'
import { listClose } from './close-log.ts'
import { type ClosePorts, type CloseState, leaseHolder } from './state.ts'

/** When Stripe finalizes the draft by itself, should the close never come to it. */
const SAFETY_NET_MS = 72 * HOUR_MS

/**
 * Keeps Stripe from finalizing the draft for 72 h, finds the segment that the invoice bills, adds the account's next
 * segment if it is missing, and ends the running one where its subscription was ended. Sets `outcome` and `drainUntil`. An invoice that is finalized already (an earlier
 * attempt, or the safety net) goes on to the comparison. The last invoice of a subscription that has ended is not kept
 * waiting for the log path: what comes later is carried over.
 */
export async function holdInvoice(ports: ClosePorts, state: CloseState, now: Instant): Promise<CloseState> {
  const invoice = await ports.stripe.getInvoice(state.invoiceId)
  if (invoice.status === 'void') return { ...state, outcome: 'not_ours' }
  if (invoice.status === 'draft')
    await ports.stripe.postponeFinalization(invoice.id, plusMs(invoice.createdAt, SAFETY_NET_MS))
  const { accountId } = state
  await withLease(ports.billing, accountId, leaseHolder(state), now, () =>
    advancePaidSegment(ports, accountId, now, invoice.subscriptionId),
  )
  const hasEnded = await isEnded(ports, invoice)
  const segment = await findSegment(ports, state, invoice, hasEnded)
  const isDraft = invoice.status === 'draft'
  await markClosing(ports.billing, segment)
  await listClose(ports.billing, state, segment.end)
  await noteOnInvoice(ports.billing, state, {
    close: isDraft ? 'draining' : 'comparing',
    period: { start: segment.start, end: segment.end },
    planVersionId: segment.planVersionId,
  })
  return {
    ...state,
    outcome: isDraft ? 'held' : 'finalized',
    drainUntil: toIso(plusMs(segment.end, hasEnded ? 0 : ports.drainMs)),
    segmentStart: segment.start,
  }
}

async function isEnded({ stripe }: ClosePorts, { subscriptionId }: InvoiceView): Promise<boolean> {
  if (subscriptionId === null) return true
  return (await stripe.getSubscription(subscriptionId)).endedAt !== null
}

async function findSegment(ports: ClosePorts, state: CloseState, invoice: InvoiceView, hasEnded: boolean) {
  const { accountId } = state
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
  if (segment) return segment
  // Whoever ended the subscription ends its segment in a moment.
  if (hasEnded && ofSubscription.some(one => one.start < end && end < one.end))
    throw new TransientError(`the segment of ${invoice.subscriptionId} is not ended yet`)
  await noteOnInvoice(ports.billing, state, { close: 'draining', period: invoice.period, planVersionId: '' })
  await listClose(ports.billing, state, end)
  throw new CloseHeld(`${invoice.id} ends at ${toIso(end)}, where no segment does`)
}

/**
 * The end of the usage that an invoice bills. Metered lines carry their period; Stripe may leave lines of amount zero
 * out, and then the invoice's own window ends where the subscription's period ended.
 */
export function usageEndOf(invoice: InvoiceView, meteredPriceIds: ReadonlySet<string>): Instant {
  const line = invoice.lines.find(({ priceId }) => priceId !== null && meteredPriceIds.has(priceId))
  return line?.period.end ?? invoice.period.end
}
