import { findTestCard } from '../payments/test-cards.ts'
import type { PendingCard } from '../state.ts'

export type CardForm = {
  readonly cardNumber: string
  readonly cardExpiry: string
  readonly cardCvc: string
  readonly billingName: string
}

export type CardField = keyof CardForm

export type ReadCard =
  | { readonly ok: true; readonly card: PendingCard }
  | { readonly ok: false; readonly field: CardField; readonly message: string }

/** Checks what a person typed. `nowMs` decides whether the card has expired. */
export function readCard(form: CardForm, nowMs: number): ReadCard {
  const number = form.cardNumber.replace(/[\s-]/g, '')
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number))
    return no('cardNumber', 'Your card number is invalid.')
  const known = findTestCard(number)
  if (known === undefined) {
    return no(
      'cardNumber',
      'Your card was declined. This is a test page: use a test card, for example 4242 4242 4242 4242.',
    )
  }
  const expiry = /^(\d{1,2})\s*\/\s*(\d{2}|\d{4})$/.exec(form.cardExpiry.trim())
  const month = Number(expiry?.[1])
  const year = Number(expiry?.[2]?.length === 2 ? `20${expiry[2]}` : expiry?.[2])
  if (expiry === null || month < 1 || month > 12) {
    return no('cardExpiry', 'Your card’s expiration date is invalid. Write it as MM / YY.')
  }
  if (Date.UTC(year, month, 1) <= nowMs)
    return no('cardExpiry', 'Your card’s expiration date is in the past.')
  const cvcLength = known.brand === 'amex' ? 4 : 3
  if (!/^\d+$/.test(form.cardCvc) || form.cardCvc.length !== cvcLength) {
    return no('cardCvc', `Your card’s security code must have ${cvcLength} digits.`)
  }
  const name = form.billingName.trim()
  if (name === '') return no('billingName', 'The cardholder’s name is missing.')
  return { ok: true, card: { number, month, year, name } }
}

function no(field: CardField, message: string): ReadCard {
  return { ok: false, field, message }
}

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
function passesLuhn(number: string): boolean {
  let sum = 0
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
