import type { Close } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { publishPending, withEvents } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import { markProofDue } from '../../proof/proof-due.ts'
import { unmarkClosing } from '../../stripe/closing.ts'
import { getInvoiceRecord, invoiceRecordKey, noteOnInvoice } from '../../stripe/invoice-record.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { unlistHeld } from './close-log.ts'
import { markRemainder } from './remainder/due.ts'
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
  await markProofDue(ports.billing, state)
  await markRemainder(ports, segment, now)
  await noteOnInvoice(ports.billing, state, {
    close: CLOSE_OF[outcome ?? ''] ?? 'carried_over',
    closedAt: now,
    ...withEvents(now, [event]),
  })
  const { carriedInUnits, waivedUnits, invoicedUnits: billed, creditedUnits = 0 } = record.proof
  const invoicedUnits = billed - creditedUnits
  await ports.accounts.closeSegment(segment, { carriedInUnits, waivedUnits, invoicedUnits, closedAt: now })
  await unmarkClosing(ports.billing, segment)
  await unlistHeld(ports.billing, state)
  await publishPending(ports.billing, ports.publish, invoiceRecordKey(accountId, invoiceId))
  return { ...state, outcome: 'recorded' }
}

const CLOSE_OF: Readonly<Record<string, Close>> = {
  ...{ equal: 'equal', too_little: 'carried_over', too_much: 'credited', accepted: 'accepted' },
}
