import type { CardForm } from '../engine/checkout/read-card.ts'
import type { Engine } from '../engine/engine.ts'
import { formatMoney } from '../engine/format.ts'
import type { PortalSession } from '../engine/wire.ts'
import { type CardProblem, cardForm } from './card-form.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

export type PortalView = {
  readonly problem: CardProblem | null
  readonly values: Partial<CardForm>
  readonly saved: boolean
}

/** The customer's own page: invoices, and a card that replaces the one in use. */
export function portalPage(engine: Engine, session: PortalSession, view: PortalView): string {
  const customer = engine.state.customers[session.customer]
  const invoices = Object.values(engine.state.invoices)
    .filter(invoice => invoice.customer === session.customer && invoice.status !== 'draft')
    .reverse()
  const cards = Object.values(engine.state.paymentMethods).filter(
    method => method.customer === session.customer,
  )
  const card = cards.at(-1)?.card
  return layout(
    'Billing',
    html`<div class="split">
<section aria-labelledby="invoices">
<h1>${customer?.name ?? customer?.email ?? session.customer}</h1>
<h2 id="invoices">Invoices</h2>
${invoices.length === 0 ? html`<p>There are no invoices yet.</p>` : null}
<ul class="lines">${invoices.map(
      invoice =>
        html`<li><span><a href="${invoice.hosted_invoice_url}">${invoice.number}</a><small>${invoice.status}</small></span><span class="number">${formatMoney(invoice.amount_due, invoice.currency)}</span></li>`,
    )}</ul>
${session.return_url === null ? null : html`<p><a href="${session.return_url}">Back</a></p>`}
</section>
<section class="card" aria-labelledby="card-heading">
<h2 id="card-heading">Payment method</h2>
<p>${card === undefined ? 'No card is saved.' : `${nameOf(card.brand)} ending in ${card.last4}`}${view.saved ? html` <span class="status-paid">Saved.</span>` : null}</p>
${cardForm({ action: `/p/session/${session.id}`, values: view.values, problem: view.problem, email: null, submitLabel: 'Save card' })}
</section></div>`,
  )
}

/** `Visa` for `visa`. */
const nameOf = (brand: string): string => brand.charAt(0).toUpperCase() + brand.slice(1)
