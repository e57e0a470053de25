import { type Engine, nowSeconds } from '../engine.ts'
import { needCustomer } from '../find.ts'
import {
  applyMetadata,
  boolean,
  currency,
  type Input,
  metadata,
  object,
  oneOf,
  required,
  text,
} from '../params.ts'
import { checkTaxLocation } from '../tax/apply-tax.ts'
import type { Invoice, InvoiceItem } from '../wire.ts'
import { invoiceItemLine } from './build-lines.ts'
import { draftInvoice } from './draft-invoice.ts'

export const createInvoiceParams = object({
  automatic_tax: object({ enabled: required(boolean()) }),
  auto_advance: boolean(),
  collection_method: oneOf('charge_automatically'),
  currency: currency(),
  customer: required(text()),
  default_payment_method: text(),
  description: text(),
  footer: text(),
  metadata: metadata(),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
})

/** A one-off invoice: https://docs.stripe.com/api/invoices/create */
export function createInvoice(engine: Engine, input: Input<typeof createInvoiceParams>): Invoice {
  const customer = needCustomer(engine, input.customer, 'customer')
  checkTaxLocation(customer, input.automatic_tax?.enabled ?? false)
  const pending =
    input.pending_invoice_items_behavior === 'include' ? pendingItems(engine, customer.id, null) : []
  const now = nowSeconds(engine)
  return draftInvoice(
    engine,
    {
      customer,
      subscription: null,
      currency: input.currency ?? pending[0]?.currency ?? customer.currency ?? 'usd',
      billingReason: 'manual',
      period: { start: now, end: now },
      autoAdvance: input.auto_advance ?? false,
      finalizesAt: now + engine.settings.draftSeconds,
      automaticTax: input.automatic_tax?.enabled ?? false,
      discounts: [],
      description: input.description ?? null,
      footer: input.footer ?? null,
      metadata: applyMetadata(null, input.metadata),
      defaultPaymentMethod: input.default_payment_method ?? null,
    },
    invoiceId => takePending(engine, pending, invoiceId),
  )
}

/** Items that wait for an invoice: of one subscription, or those that name none. */
export function pendingItems(
  engine: Engine,
  customerId: string,
  subscriptionId: string | null,
): InvoiceItem[] {
  return [...engine.state.invoiceItems.values()].filter(
    item =>
      item.customer === customerId &&
      item.invoice === null &&
      (item.parent?.subscription_details?.subscription ?? null) === subscriptionId,
  )
}

/** Puts waiting items on an invoice and returns their lines. */
export function takePending(engine: Engine, items: readonly InvoiceItem[], invoiceId: string) {
  return items.map(item => {
    item.invoice = invoiceId
    return invoiceItemLine(engine, item, invoiceId)
  })
}
