import type { CardBehaviour } from '../state.ts'

export type TestCard = Omit<CardBehaviour, 'authenticated'> & {
  readonly number: string
  readonly brand: string
}

/** https://docs.stripe.com/testing: what each card number does. */
const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', kind: 'succeed' },
  { number: '4000056655665556', brand: 'visa', kind: 'succeed' },
  { number: '5555555555554444', brand: 'mastercard', kind: 'succeed' },
  { number: '378282246310005', brand: 'amex', kind: 'succeed' },
  { number: '4000000000000002', brand: 'visa', kind: 'decline', declineCode: 'generic_decline' },
  { number: '4000000000009995', brand: 'visa', kind: 'decline', declineCode: 'insufficient_funds' },
  { number: '4000000000000069', brand: 'visa', kind: 'decline', declineCode: 'expired_card' },
  { number: '4000000000000341', brand: 'visa', kind: 'decline_later', declineCode: 'generic_decline' },
  { number: '4000000000000259', brand: 'visa', kind: 'dispute' },
  { number: '4000002500003155', brand: 'visa', kind: 'authenticate', declineCode: 'authentication_required' },
  { number: '4000002760003184', brand: 'visa', kind: 'authenticate', declineCode: 'authentication_required' },
]

/** Ready-made payment methods that stand for a card: https://docs.stripe.com/testing?testing-method=payment-methods */
const TOKENS: Readonly<Record<string, string>> = {
  pm_card_visa: '4242424242424242',
  pm_card_mastercard: '5555555555554444',
  pm_card_amex: '378282246310005',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_createDispute: '4000000000000259',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedExpiredCard: '4000000000000069',
  pm_card_chargeCustomerFail: '4000000000000341',
  pm_card_authenticationRequiredOnSetup: '4000002500003155',
  pm_card_authenticationRequired: '4000002760003184',
}

export function findTestCard(number: string): TestCard | undefined {
  return TEST_CARDS.find(card => card.number === number)
}

export function cardNumberOfToken(token: string): string | undefined {
  return Object.hasOwn(TOKENS, token) ? TOKENS[token] : undefined
}
