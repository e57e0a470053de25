import type { ClosePorts, CloseState } from './state.ts'

/** Lets Stripe collect the compared invoice. One of total zero is paid already. */
export async function collectInvoice(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  const invoice = await ports.stripe.getInvoice(state.invoiceId)
  if (invoice.status === 'open' && !invoice.autoAdvance) await ports.stripe.collectInvoice(state.invoiceId)
  return state
}
