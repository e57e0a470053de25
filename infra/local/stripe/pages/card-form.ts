import type { CardField, CardForm } from '../engine/checkout/read-card.ts'
import { type Html, html } from './html.ts'

export type CardProblem = { readonly field: CardField | null; readonly message: string }

export type CardFormView = {
  /** Path the form is sent to, since a page may be shown at another one, as after a failed confirmation. */
  readonly action: string
  readonly values: Partial<CardForm>
  readonly problem: CardProblem | null
  readonly email: { readonly value: string } | null
  readonly submitLabel: string
  /** Further fields, above the button. */
  readonly more?: Html
}

/** The card form of every hosted page; works without script. */
export function cardForm(view: CardFormView): Html {
  return html`<form method="post" action="${view.action}" novalidate>
${view.problem === null ? null : html`<p class="problem" role="alert">${view.problem.message}</p>`}
${view.email === null ? null : html`<div class="field"><label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" required value="${view.email.value}"></div>`}
${input(view, 'cardNumber', 'Card number', { autocomplete: 'cc-number', placeholder: '1234 1234 1234 1234', mode: 'numeric' })}
<div class="pair">
${input(view, 'cardExpiry', 'Expires', { autocomplete: 'cc-exp', placeholder: 'MM / YY', mode: 'text' })}
${input(view, 'cardCvc', 'Security code', { autocomplete: 'cc-csc', placeholder: 'CVC', mode: 'numeric' })}
</div>
${input(view, 'billingName', 'Name on card', { autocomplete: 'cc-name', placeholder: 'Full name', mode: 'text' })}
${view.more}
<button type="submit" data-testid="pay">${view.submitLabel}</button>
<details><summary>Test cards</summary>
<p><code>4242 4242 4242 4242</code> succeeds.<br><code>4000 0000 0000 0002</code> is declined.<br><code>4000 0025 0000 3155</code> asks the cardholder to confirm.<br><code>4000 0000 0000 0341</code> works now and fails at the next invoice.</p>
<p>Any future date and any security code will do.</p></details>
</form>`
}

function input(
  view: CardFormView,
  name: CardField,
  label: string,
  given: { autocomplete: string; placeholder: string; mode: string },
): Html {
  const invalid = view.problem?.field === name
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${name === 'cardCvc' ? '' : view.values[name]}" autocomplete="${given.autocomplete}" placeholder="${given.placeholder}" inputmode="${given.mode}" required${invalid ? html` aria-invalid="true"` : null}></div>`
}
