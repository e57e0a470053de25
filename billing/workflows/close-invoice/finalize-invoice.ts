import { noteOnInvoice } from '../../stripe/invoice-record.ts'
import type { ClosePorts, CloseState } from './state.ts'

/** Finalizes the draft without collecting it. An invoice that is no draft any more stays as it is. */
export async function finalizeInvoice(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  await noteOnInvoice(ports.billing, state, { close: 'finalizing' })
  const invoice = await ports.stripe.getInvoice(state.invoiceId)
  if (invoice.status === 'draft') await ports.stripe.finalizeInvoice(state.invoiceId)
  return { ...state, outcome: 'finalized' }
}
