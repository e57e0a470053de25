import type { InvoiceView } from '../../stripe/views.ts'
import { startClose } from '../../workflows/close-invoice/start-close.ts'
import { idle, type Route } from '../route.ts'
import { accountOf, billsUsage, loadMeteredPrices } from './usage-invoice.ts'

/** A draft that bills usage of ours is closed. */
export const closeDraft: Route = async (ports, invoiceId, now) => {
  const invoice = await ports.stripe.getInvoice(invoiceId)
  const accountId = await accountOf(ports, invoice)
  if (accountId === undefined) return idle('not a customer of ours')
  const because = whyNotClosed(invoice, await loadMeteredPrices(ports))
  return because === null ? startClose(ports, accountId, invoiceId, now) : idle(because)
}

export function whyNotClosed(invoice: InvoiceView, meteredPriceIds: ReadonlySet<string>): string | null {
  if (invoice.status !== 'draft') return `the invoice is ${invoice.status}`
  return billsUsage(invoice, meteredPriceIds) ? null : 'the invoice bills no usage'
}
