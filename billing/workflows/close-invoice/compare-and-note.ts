import { getInvoiceRecord, noteOnInvoice } from '../../stripe/invoice-record.ts'
import { readFrozen } from '../../stripe/reporting/measure-segment.ts'
import { listReports, sumDelivered } from '../../stripe/reporting/outbox.ts'
import { CloseHeld } from '../errors.ts'
import { loadComparison } from './load-comparison.ts'
import { type ClosePorts, type CloseState, loadClosing } from './state.ts'
import { proofOf } from './statement.ts'

/**
 * Compares the finalized invoice with our statement and stores statement, proof and both sides' lines with it. Sets
 * `outcome` to `equal`, `too_little`, `too_much` or, by an administrator's decision, `accepted`. Throws `CloseHeld` when
 * anything else came out, and for an invoice that Stripe finalized before its usage was frozen.
 */
export async function compareAndNote(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  const closing = await loadClosing(ports, state)
  const measure = await readFrozen(ports.billing, closing.segment)
  if (!measure) throw new CloseHeld(`${state.invoiceId} was finalized before its usage was reported`)
  const invoice = await ports.stripe.getInvoice(state.invoiceId)
  const decision = (await getInvoiceRecord(ports.billing, state.accountId, state.invoiceId))?.decision
  const { outcome, statement, paired } = await loadComparison(
    ports,
    closing,
    measure,
    invoice,
    decision?.repair,
  )
  const reportedUnits = sumDelivered(await listReports(ports.billing, closing.segment))
  await noteOnInvoice(ports.billing, state, {
    close: outcome.kind === 'held' ? 'held' : 'comparing',
    statement,
    compared: paired.map(({ stripe, ours, equal }) => ({ stripe, ours, equal })),
    ...(outcome.kind === 'held'
      ? { reason: outcome.reason }
      : { reason: null, proof: proofOf(measure, reportedUnits, outcome) }),
  })
  if (outcome.kind === 'held') throw new CloseHeld(outcome.reason)
  return { ...state, outcome: outcome.kind }
}
