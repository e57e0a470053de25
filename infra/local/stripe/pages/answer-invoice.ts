import type { Answer } from '../api/idempotency.ts'
import { readCard } from '../engine/checkout/read-card.ts'
import type { Engine } from '../engine/engine.ts'
import { awaitsHolder, confirmOnPage, type PagePayment, payOnPage } from '../engine/invoices/pay-on-page.ts'
import type { Invoice } from '../engine/wire.ts'
import { page, redirect } from './answer.ts'
import { cardValues } from './card-values.ts'
import { invoiceConfirmPage, invoicePage } from './invoice-page.ts'

/** The hosted invoice: shown to anyone with the link, payable while open. */
export function answerInvoice(
  engine: Engine,
  invoice: Invoice,
  method: string,
  form: URLSearchParams,
): Answer {
  const asks = invoice.status === 'open' && awaitsHolder(engine, invoice.id)
  if (method !== 'POST') {
    return page(
      asks ? invoiceConfirmPage(invoice) : invoicePage(engine, invoice, { problem: null, values: {} }),
      200,
    )
  }
  if (form.has('outcome'))
    return after(engine, invoice, confirmOnPage(engine, invoice.id, form.get('outcome') === 'complete'))
  const values = cardValues(form)
  const card = readCard(values, engine.time.now())
  if (!card.ok) return page(invoicePage(engine, invoice, { problem: card, values }), 422)
  return after(engine, invoice, payOnPage(engine, invoice.id, card.card))
}

function after(engine: Engine, invoice: Invoice, result: PagePayment): Answer {
  if (result.kind !== 'declined') return redirect(`/i/${invoice.id}`)
  const view = { problem: { field: null, message: result.message }, values: {} }
  return page(invoicePage(engine, invoice, view), 402)
}
