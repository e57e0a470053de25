import { derivedId } from '#kernel/ids'
import { publishPending, withEvents } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import { unmarkClosing } from '../../stripe/closing.ts'
import { getInvoiceRecord, invoiceRecordKey, noteOnInvoice } from '../../stripe/invoice-record.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { type ClosePorts, type CloseState, loadClosing } from './state.ts'

/**
 * Records the outcome: the invoice's record with the event `invoice.closed`, then the segment, then the listing of open
 * closes. Repeating it finds what is there and goes on from there.
 */
export async function recordClose(ports: ClosePorts, state: CloseState, now: Instant): Promise<CloseState> {
  const { accountId, invoiceId, outcome } = state
  const { segment } = await loadClosing(ports, state)
  const record = await getInvoiceRecord(ports.billing, accountId, invoiceId)
  if (!record?.proof) throw new WorkflowStateInvalid(`${invoiceId} was not compared`)
  const invoice = await ports.stripe.getInvoice(invoiceId)
  const data = {
    ...{ accountId, invoiceId, number: invoice.number ?? invoiceId },
    period: { start: segment.start, end: segment.end },
    currency: invoice.currency,
    totalMinor: String(invoice.totalMinor),
    equal: outcome === 'equal',
  }
  const event = { id: derivedId('evt', 'invoice.closed', invoiceId), type: 'invoice.closed', at: now, data }
  await noteOnInvoice(ports.billing, state, {
    close: outcome === 'equal' ? 'equal' : 'carried_over',
    closedAt: now,
    ...withEvents(now, [event]),
  })
  const { carriedInUnits, waivedUnits, invoicedUnits } = record.proof
  await ports.accounts.closeSegment(segment, { carriedInUnits, waivedUnits, invoicedUnits, closedAt: now })
  await unmarkClosing(ports.billing, segment)
  await publishPending(ports.billing, ports.publish, invoiceRecordKey(accountId, invoiceId))
  return { ...state, outcome: 'recorded' }
}
