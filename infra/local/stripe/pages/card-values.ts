import type { CardForm } from '../engine/checkout/read-card.ts'

/** The card fields of a submitted form; what is missing is empty. */
export function cardValues(form: URLSearchParams): CardForm {
  const field = (name: string) => form.get(name) ?? ''
  return {
    cardNumber: field('cardNumber'),
    cardExpiry: field('cardExpiry'),
    cardCvc: field('cardCvc'),
    billingName: field('billingName'),
  }
}
