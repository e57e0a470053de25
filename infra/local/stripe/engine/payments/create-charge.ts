import { type Engine, nowSeconds } from '../engine.ts'
import { newId } from '../ids.ts'
import type { Charge, PaymentIntent } from '../wire.ts'
import { declineMessage } from './decline.ts'

/** One attempt at a card. `declineCode` is undefined for a successful one. */
export function createCharge(engine: Engine, intent: PaymentIntent, declineCode: string | undefined): Charge {
  const ok = declineCode === undefined
  const method = engine.state.paymentMethods.get(intent.payment_method ?? '')
  const charge: Charge = {
    id: newId(engine.state, 'ch_'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: ok ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method?.billing_details ?? {
      address: null,
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: null,
    captured: ok,
    created: nowSeconds(engine),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: ok ? null : 'card_declined',
    failure_message: ok ? null : declineMessage(declineCode),
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: ok ? 'approved_by_network' : 'declined_by_network',
      reason: declineCode ?? null,
      risk_level: 'normal',
      seller_message: ok
        ? 'Payment complete.'
        : 'The bank did not return any further details with this decline.',
      type: ok ? 'authorized' : 'issuer_declined',
    },
    paid: ok,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    payment_method_details: { type: 'card' },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: ok ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  }
  engine.state.charges.set(charge.id, charge)
  return charge
}
