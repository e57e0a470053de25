import { type Engine, emit } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'

export type DeletedInvoiceItem = { id: string; object: 'invoiceitem'; deleted: true }

/** Only items that are on no invoice yet: https://docs.stripe.com/api/invoiceitems/delete */
export function deleteInvoiceItem(engine: Engine, id: string): DeletedInvoiceItem {
  const item = need(engine.state.invoiceItems, 'invoiceitem', id)
  if (item.invoice !== null) {
    throw invalidRequest('This invoice item is attached to an invoice and cannot be deleted.', {
      code: 'invoice_not_editable',
    })
  }
  engine.state.invoiceItems.delete(id)
  emit(engine, 'invoiceitem.deleted', item)
  return { id, object: 'invoiceitem', deleted: true }
}
