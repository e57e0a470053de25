import { type Engine, emit } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needInvoice } from '../find.ts'

export type DeletedInvoice = { id: string; object: 'invoice'; deleted: true }

/** Only one-off drafts can go; a subscription's draft can only be voided once final: https://docs.stripe.com/api/invoices/delete */
export function deleteInvoice(engine: Engine, id: string): DeletedInvoice {
  const invoice = needInvoice(engine, id)
  if (invoice.status !== 'draft') {
    throw invalidRequest('You can only delete draft invoices.', { code: 'invoice_not_editable' })
  }
  if (invoice.parent !== null)
    throw invalidRequest('You cannot delete invoices that belong to a subscription.')
  delete engine.state.invoices[id]
  delete engine.state.invoiceLines[id]
  for (const item of Object.values(engine.state.invoiceItems)) {
    if (item.invoice === id) delete engine.state.invoiceItems[item.id]
  }
  emit(engine, 'invoice.deleted', invoice)
  return { id, object: 'invoice', deleted: true }
}
