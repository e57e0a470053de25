import type { CardForm } from '../engine/checkout/read-card.ts'
import { storedDecimal } from '../engine/decimal.ts'
import type { Engine } from '../engine/engine.ts'
import { formatMoney, formatUnitPrice } from '../engine/format.ts'
import { checkoutItems } from '../engine/render.ts'
import type { CheckoutLineItem, CheckoutSession, PriceTier } from '../engine/wire.ts'
import { addressFields } from './address-form.ts'
import { type CardProblem, cardForm } from './card-form.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

export type CheckoutView = {
  readonly problem: CardProblem | null
  readonly values: Partial<CardForm>
  readonly email: string | null
}

/** Where a person pays: what it costs on the left, the card on the right. */
export function checkoutPage(engine: Engine, session: CheckoutSession, view: CheckoutView): string {
  const items = checkoutItems(engine.state, session.id)
  const currency = session.currency ?? 'usd'
  const total = formatMoney(session.amount_total ?? 0, currency)
  const interval = items[0]?.price?.recurring?.interval ?? 'month'
  return layout(
    'Subscribe',
    html`<div class="split">
<section aria-labelledby="summary">
<h1 id="summary">Subscribe to ${items[0]?.description ?? 'a plan'}</h1>
<p class="amount">${total} <small>per ${interval}, plus usage</small></p>
<ul class="lines">${items.map(item => line(engine, item, currency))}
<li class="total"><span>Due today</span><span class="number">${total}</span></li></ul>
${session.cancel_url === null ? null : html`<p><a href="${session.cancel_url}">Back without paying</a></p>`}
</section>
<section class="card" aria-labelledby="pay-heading">
<h2 id="pay-heading">Pay with card</h2>
${cardForm({
  action: `/c/pay/${session.id}`,
  values: view.values,
  problem: view.problem,
  email: session.customer === null ? { value: view.email ?? session.customer_email ?? '' } : null,
  submitLabel: `Subscribe for ${total}`,
  more: moreFields(engine, session),
})}
</section>
</div>`,
  )
}

/** What the session asks for beside the card. */
function moreFields(engine: Engine, session: CheckoutSession): Html {
  const customer = engine.state.customers.get(session.customer ?? '')
  const address = session.billing_address_collection === 'required' || session.automatic_tax.enabled
  return html`${address ? addressFields(customer?.address ?? null) : null}
${session.tax_id_collection?.enabled ? html`<div class="field"><label for="taxId">Tax ID (EU VAT number), optional</label><input id="taxId" name="taxId"></div>` : null}`
}

function line(engine: Engine, item: CheckoutLineItem, currency: string): Html {
  if (item.price?.recurring?.usage_type !== 'metered') {
    const quantity = item.quantity ?? 1
    return html`<li><span>${item.description}<small>${quantity > 1 ? `${quantity} ×` : null} billed every ${item.price?.recurring?.interval}</small></span><span class="number">${formatMoney(item.amount_total, currency)}</span></li>`
  }
  const tiers = engine.state.priceTiers.get(item.price.id) ?? []
  return html`<li><span>${item.description}<small>billed at the end of each ${item.price.recurring.interval} for what was used</small>${tierRows(tiers, currency)}</span><span class="number">by usage</span></li>`
}

function tierRows(tiers: readonly PriceTier[], currency: string): Html[] {
  let from = 1
  return tiers.map(tier => {
    const range = tier.up_to === null ? `From ${count(from)}` : `${count(from)} to ${count(tier.up_to)}`
    from = (tier.up_to ?? from) + 1
    const unit = tier.unit_amount_decimal === null ? 0n : storedDecimal(tier.unit_amount_decimal)
    const price = unit === 0n ? 'included' : `${formatUnitPrice(unit, currency)} each`
    const flat =
      tier.flat_amount === null || tier.flat_amount === 0
        ? ''
        : ` plus ${formatMoney(tier.flat_amount, currency)}`
    return html`<small>${range}: ${price}${flat}</small>`
  })
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** The bank's question, as 3D Secure shows it. */
export function confirmPage(session: CheckoutSession): string {
  const amount = formatMoney(session.amount_total ?? 0, session.currency ?? 'usd')
  return layout('Confirm your payment', confirmBody(amount))
}

export function confirmBody(amount: string): Html {
  return html`<section class="card" style="max-width: 28rem; margin: 0 auto">
<h2>Confirm your payment</h2>
<p>Your bank asks you to confirm a payment of <strong>${amount}</strong>. This is a test: choose how it ends.</p>
<form method="post" class="stack">
<button type="submit" name="outcome" value="complete" data-testid="confirm-complete">Complete</button>
<button type="submit" name="outcome" value="fail" class="quiet" data-testid="confirm-fail">Fail</button>
</form></section>`
}

/** Shown for a session that cannot be paid any more, or does not exist. */
export function messagePage(
  title: string,
  text: string,
  link: { href: string; label: string } | null,
): string {
  return layout(
    title,
    html`<section class="card" style="max-width: 32rem; margin: 0 auto"><h2>${title}</h2><p>${text}</p>
${link === null ? null : html`<p><a class="button quiet" href="${link.href}">${link.label}</a></p>`}</section>`,
  )
}
