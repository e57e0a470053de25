import type { CardForm } from '../engine/checkout/read-card.ts'
import type { Engine } from '../engine/engine.ts'
import { formatMoney } from '../engine/format.ts'
import { cardsOf } from '../engine/portal/manage-cards.ts'
import { taxIdsOf } from '../engine/tax/tax-id.ts'
import type { Customer, Invoice, PaymentMethod, PortalSession } from '../engine/wire.ts'
import { addressFields } from './address-form.ts'
import { type CardProblem, cardForm } from './card-form.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

export type PortalView = {
  readonly problem: CardProblem | null
  readonly values: Partial<CardForm>
  /** What has just been done, if anything. */
  readonly done: string | null
}

/** The customer's own page: invoices and receipts, cards, billing details. */
export function portalPage(engine: Engine, session: PortalSession, view: PortalView): string {
  const customer = engine.state.customers.get(session.customer)
  const action = `/p/session/${session.id}`
  const invoices = [...engine.state.invoices.values()]
    .filter(invoice => invoice.customer === session.customer && invoice.status !== 'draft')
    .reverse()
  return layout(
    'Billing',
    html`<div class="split">
<section aria-labelledby="invoices">
<h1>${customer?.name ?? customer?.email ?? session.customer}</h1>
${view.done === null ? null : html`<p role="status" class="status-paid">${view.done}</p>`}
<h2 id="invoices">Invoices</h2>
${invoices.length === 0 ? html`<p>There are no invoices yet.</p>` : null}
<ul class="lines">${invoices.map(invoiceRow)}</ul>
${session.return_url === null ? null : html`<p><a href="${session.return_url}">Back</a></p>`}
</section>
<div class="stack">
<section class="card" aria-labelledby="card-heading">
<h2 id="card-heading">Payment methods</h2>
${cardList(engine, customer, session.customer, action)}
${cardForm({ action, values: view.values, problem: view.problem, email: null, submitLabel: 'Save card' })}
</section>
${customer === undefined ? null : details(engine, customer, action)}
</div></div>`,
  )
}

function invoiceRow(invoice: Invoice): Html {
  const day = new Date(invoice.created * 1000).toISOString().slice(0, 10)
  const receipt =
    invoice.status === 'paid' && invoice.amount_paid > 0
      ? html` · <a href="${invoice.hosted_invoice_url}/receipt">Receipt</a>`
      : null
  return html`<li><span><a href="${invoice.hosted_invoice_url}">${invoice.number}</a><small>${day} · ${invoice.status}${receipt}</small></span><span class="number">${formatMoney(invoice.amount_due, invoice.currency)}</span></li>`
}

function cardList(engine: Engine, customer: Customer | undefined, customerId: string, action: string): Html {
  const cards = cardsOf(engine, customerId)
  if (cards.length === 0) return html`<p>No card is saved.</p>`
  const chosen = customer?.invoice_settings.default_payment_method
  return html`<ul class="lines">${cards.map(card => cardRow(card, card.id === chosen, action))}</ul>`
}

function cardRow(method: PaymentMethod, isDefault: boolean, action: string): Html {
  const { card } = method
  const name = card === undefined ? 'Card' : `${nameOf(card.brand)} ending in ${card.last4}`
  const expires =
    card === undefined ? '' : `expires ${String(card.exp_month).padStart(2, '0')}/${card.exp_year}`
  const button = (verb: string, label: string) =>
    html`<form method="post" action="${action}"><input type="hidden" name="card" value="${method.id}"><button class="quiet" name="action" value="${verb}">${label}</button></form>`
  return html`<li><span>${name}<small>${expires}${isDefault ? ' · default' : ''}</small></span>${isDefault ? null : html`<span>${button('default-card', 'Make default')}${button('remove-card', 'Remove')}</span>`}</li>`
}

function details(engine: Engine, customer: Customer, action: string): Html {
  return html`<section class="card" aria-labelledby="details-heading">
<h2 id="details-heading">Billing details</h2>
<form method="post" action="${action}">
<div class="field"><label for="billingEmail">Email</label><input id="billingEmail" name="billingEmail" type="email" autocomplete="email" value="${customer.email ?? ''}"></div>
${addressFields(customer.address)}
<div class="field"><label for="taxId">Tax ID (EU VAT number)</label><input id="taxId" name="taxId" value="${taxIdsOf(engine, customer.id)[0]?.value ?? ''}"></div>
<button class="quiet" name="action" value="save-details">Save details</button>
</form></section>`
}

/** `Visa` for `visa`. */
const nameOf = (brand: string): string => brand.charAt(0).toUpperCase() + brand.slice(1)
