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
  engine.state.invoices.delete(id)
  engine.state.invoiceLines.delete(id)
  for (const item of engine.state.invoiceItems.values()) {
    if (item.invoice === id) engine.state.invoiceItems.delete(item.id)
  }
  emit(engine, 'invoice.deleted', invoice)
  return { id, object: 'invoice', deleted: true }
}
