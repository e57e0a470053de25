import { noteOnInvoice } from '../../stripe/invoice-record.ts'
import { readFrozen } from '../../stripe/reporting/measure-segment.ts'
import { listReports, sumDelivered } from '../../stripe/reporting/outbox.ts'
import { CloseHeld } from '../errors.ts'
import { compareInvoice } from './compare-invoice.ts'
import { type ClosePorts, type CloseState, loadClosing } from './state.ts'
import { proofOf, statementOf } from './statement.ts'

/**
 * Compares the finalized invoice with our statement and stores statement and proof with it. Sets `outcome` to `equal` or
 * `too_little`. Throws `CloseHeld` when anything else came out, and for an invoice that Stripe finalized before its
 * usage was frozen.
 */
export async function compareAndNote(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  const { segment, plan } = await loadClosing(ports, state)
  const measure = await readFrozen(ports.billing, segment)
  if (!measure) throw new CloseHeld(`${state.invoiceId} was finalized before its usage was reported`)
  const segments = await ports.accounts.listSegments(state.accountId)
  const next = segments.find(
    ({ start, subscriptionId }) => start === segment.end && subscriptionId === segment.subscriptionId,
  )
  const invoice = await ports.stripe.getInvoice(state.invoiceId)
  const expected = {
    plan,
    usage: { start: segment.start, end: segment.end },
    owedUnits: measure.owedUnits,
    continues: next !== undefined,
  }
  const verdict = compareInvoice(expected, invoice)
  const reportedUnits = sumDelivered(await listReports(ports.billing, segment))
  const invoicedUnits = verdict.kind === 'held' ? null : verdict.invoicedUnits
  await noteOnInvoice(ports.billing, state, {
    close: verdict.kind === 'held' ? 'held' : 'comparing',
    statement: statementOf(expected, next),
    ...(invoicedUnits !== null && { proof: proofOf(measure, reportedUnits, invoicedUnits) }),
    ...(verdict.kind === 'held' && { reason: verdict.reason }),
  })
  if (verdict.kind === 'held') throw new CloseHeld(`${state.invoiceId}: ${verdict.reason}`)
  return { ...state, outcome: verdict.kind }
}
