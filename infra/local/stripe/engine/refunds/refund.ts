import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { formatMoney } from '../format.ts'
import { newId } from '../ids.ts'
import { amount, applyMetadata, type Input, metadata, object, oneOf, text } from '../params.ts'
import type { Charge, Refund } from '../wire.ts'

export const createRefundParams = object({
  amount: amount({ min: 1 }),
  charge: text(),
  metadata: metadata(),
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
})

/** https://docs.stripe.com/api/refunds/create */
export function createRefund(engine: Engine, input: Input<typeof createRefundParams>): Refund {
  const charge = chargeOf(engine, input)
  return refundCharge(engine, charge, {
    amount: input.amount ?? charge.amount - charge.amount_refunded,
    reason: input.reason ?? null,
    metadata: applyMetadata(null, input.metadata),
  })
}

function chargeOf(engine: Engine, input: Input<typeof createRefundParams>): Charge {
  if ((input.charge === undefined) === (input.payment_intent === undefined)) {
    throw invalidRequest(
      'One of the following params should be provided for this request: charge or payment_intent.',
      {
        param: 'charge',
      },
    )
  }
  if (input.charge !== undefined) return need(engine.state.charges, 'charge', input.charge, 'charge')
  const intent = need(
    engine.state.paymentIntents,
    'payment_intent',
    input.payment_intent ?? '',
    'payment_intent',
  )
  const charge = engine.state.charges.get(intent.latest_charge ?? '')
  if (charge !== undefined && intent.status === 'succeeded') return charge
  throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  })
}

/** Throws why a charge cannot be refunded by so much. */
export function checkRefundable(charge: Charge, wanted: number): void {
  if (charge.status !== 'succeeded') {
    throw invalidRequest(`Charge ${charge.id} was not successful and cannot be refunded.`, {
      param: 'charge',
    })
  }
  if (charge.disputed) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  }
  const left = charge.amount - charge.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  if (wanted <= left) return
  const money = (minor: number) => formatMoney(minor, charge.currency)
  throw invalidRequest(
    `Refund amount (${money(wanted)}) is greater than unrefunded amount on charge (${money(left)})`,
    { param: 'amount' },
  )
}

/** Pays back part of a charge, or all of it, at once. */
export function refundCharge(
  engine: Engine,
  charge: Charge,
  wanted: {
    readonly amount: number
    readonly reason: Refund['reason']
    readonly metadata: Record<string, string>
  },
): Refund {
  checkRefundable(charge, wanted.amount)
  const refund: Refund = {
    id: newId(engine.state, 're_'),
    object: 'refund',
    amount: wanted.amount,
    balance_transaction: null,
    charge: charge.id,
    created: nowSeconds(engine),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  engine.state.refunds.set(refund.id, refund)
  const refunded = charge.amount_refunded + wanted.amount
  const previous = change(charge, { amount_refunded: refunded, refunded: refunded === charge.amount })
  emit(engine, 'refund.created', refund)
  emit(engine, 'charge.refunded', charge, previous)
  return refund
}

export const updateRefundParams = object({ metadata: metadata() })

/** https://docs.stripe.com/api/refunds/update */
export function updateRefund(engine: Engine, id: string, input: Input<typeof updateRefundParams>): Refund {
  const refund = need(engine.state.refunds, 'refund', id)
  const previous = change(refund, { metadata: applyMetadata(refund.metadata, input.metadata) })
  if (Object.keys(previous).length > 0) emit(engine, 'refund.updated', refund, previous)
  return refund
}
