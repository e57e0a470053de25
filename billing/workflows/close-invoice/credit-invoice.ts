import { derivedId } from '#kernel/ids'
import { StripeRefused } from '../../stripe/failure.ts'
import { getInvoiceRecord } from '../../stripe/invoice-record.ts'
import { readFrozen } from '../../stripe/reporting/measure-segment.ts'
import { CloseHeld, WorkflowStateInvalid } from '../errors.ts'
import { loadComparison } from './load-comparison.ts'
import { type ClosePorts, type CloseState, loadClosing } from './state.ts'

const MEMO = 'Usage that was billed too much'

/**
 * Takes back by a credit note what the invoice bills too much, before anything is collected. The note carries the name of
 * its plan: one that is there is not made again. What was paid already (out of the customer's balance) goes back there.
 * Throws `CloseHeld` when Stripe refuses.
 */
export async function creditInvoice(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  const { accountId, invoiceId } = state
  const closing = await loadClosing(ports, state)
  const measure = await readFrozen(ports.billing, closing.segment)
  const invoice = await ports.stripe.getInvoice(invoiceId)
  const record = await getInvoiceRecord(ports.billing, accountId, invoiceId)
  if (!measure) throw new WorkflowStateInvalid(`${invoiceId} has no measure`)
  const repair = record?.decision?.repair
  const { credit } = await loadComparison(ports, closing, measure, invoice, repair)
  if (!credit || credit.lines.length === 0) return state
  const lines = credit.lines.map(({ lineId, amountMinor }) => `${lineId}=${amountMinor}`)
  const planId = derivedId('credit', invoiceId, ...lines)
  const notes = await ports.stripe.listCreditNotes(invoiceId)
  if (notes.some(note => note.planId === planId && !note.isVoid)) return state
  try {
    await ports.stripe.creditLines({
      ...{ invoiceId, lines: credit.lines, memo: MEMO, planId },
      remainingMinor: invoice.settlement.remainingMinor,
      // A refusal is replayed for a day: the next attempt asks anew.
      idempotencyKey: `${planId}-${state.attempt}`,
    })
  } catch (error) {
    if (error instanceof StripeRefused)
      throw new CloseHeld(`${invoiceId} could not be credited: ${error.message}`)
    throw error
  }
  return state
}
