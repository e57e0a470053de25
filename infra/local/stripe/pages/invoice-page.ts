import type { CardForm } from '../engine/checkout/read-card.ts'
import type { Engine } from '../engine/engine.ts'
import { formatMoney } from '../engine/format.ts'
import type { Invoice } from '../engine/wire.ts'
import { type CardProblem, cardForm } from './card-form.ts'
import { confirmBody } from './checkout-page.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

export type InvoiceView = { readonly problem: CardProblem | null; readonly values: Partial<CardForm> }

/** `hosted_invoice_url`: the document, its state and, while it is open, a way to pay it. */
export function invoicePage(engine: Engine, invoice: Invoice, view: InvoiceView): string {
  const money = (minor: number) => formatMoney(minor, invoice.currency)
  const lines = engine.state.invoiceLines.get(invoice.id) ?? []
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, one) => sum + one.amount, 0)
  return layout(
    `Invoice ${invoice.number ?? 'draft'}`,
    html`<section class="card">
<h1>Invoice ${invoice.number ?? '(draft)'}</h1>
<p class="amount">${money(invoice.amount_due)} <small class="status-${invoice.status}">${invoice.status}</small></p>
<p>Billed to ${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}<br>
Period ${day(invoice.period_start)} to ${day(invoice.period_end)}</p>
<table><thead><tr><th>Description</th><th class="number">Quantity</th><th class="number">Amount</th></tr></thead>
<tbody>${lines.map(
      line =>
        html`<tr><td>${line.description}<br><small>${day(line.period.start)} to ${day(line.period.end)}</small></td><td class="number">${line.quantity?.toLocaleString('en-US')}</td><td class="number">${money(line.amount)}</td></tr>`,
    )}
<tr><th scope="row">Subtotal</th><td></td><td class="number">${money(invoice.subtotal)}</td></tr>
${discount === 0 ? null : html`<tr><th scope="row">Discount</th><td></td><td class="number">${money(-discount)}</td></tr>`}
<tr><th scope="row">Total</th><td></td><td class="number">${money(invoice.total)}</td></tr>
${invoice.starting_balance === 0 ? null : html`<tr><th scope="row">Applied balance</th><td></td><td class="number">${money(invoice.starting_balance)}</td></tr>`}
<tr><th scope="row">Amount due</th><td></td><td class="number"><strong>${money(invoice.amount_due)}</strong></td></tr>
</tbody></table></section>
${
  invoice.status === 'open'
    ? html`<section class="card" style="max-width: 28rem; margin: 2rem auto 0" aria-labelledby="pay-heading"><h2 id="pay-heading">Pay this invoice</h2>
${cardForm({ action: `/i/${invoice.id}`, values: view.values, problem: view.problem, email: null, submitLabel: `Pay ${money(invoice.amount_due)}` })}</section>`
    : null
}`,
  )
}

/** The bank's question about an open invoice. */
export function invoiceConfirmPage(invoice: Invoice): string {
  return layout('Confirm your payment', confirmBody(formatMoney(invoice.amount_due, invoice.currency)))
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}
