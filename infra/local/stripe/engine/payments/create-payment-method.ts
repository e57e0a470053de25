import { createHash } from 'node:crypto'
import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needPaymentMethod } from '../find.ts'
import { newId } from '../ids.ts'
import type { PaymentMethod } from '../wire.ts'
import { cardNumberOfToken, findTestCard } from './test-cards.ts'

export type CardDetails = {
  readonly number: string
  readonly month: number
  readonly year: number
  readonly name: string | null
  readonly email: string | null
}

/** A card that belongs to nobody yet. Only Stripe's test numbers exist. */
export function createCardPaymentMethod(engine: Engine, details: CardDetails): PaymentMethod {
  const card = findTestCard(details.number)
  if (card === undefined) throw invalidRequest('Your card number is invalid.', { code: 'incorrect_number' })
  const method: PaymentMethod = {
    id: newId(engine.state, 'pm_'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: details.email, name: details.name, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: details.month,
      exp_year: details.year,
      fingerprint: createHash('sha256').update(card.number).digest('hex').slice(0, 16),
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: nowSeconds(engine),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
  engine.state.paymentMethods.set(method.id, method)
  engine.state.cards.set(method.id, {
    kind: card.kind,
    ...(card.declineCode === undefined ? {} : { declineCode: card.declineCode }),
    authenticated: false,
  })
  return method
}

/** A stored payment method, or a new one for a test token such as `pm_card_visa`. */
export function resolvePaymentMethod(engine: Engine, id: string, param: string): PaymentMethod {
  const number = cardNumberOfToken(id)
  if (number === undefined) return needPaymentMethod(engine, id, param)
  const year = new Date(engine.time.now()).getUTCFullYear() + 3
  return createCardPaymentMethod(engine, { number, month: 12, year, name: null, email: null })
}
