import { openDispute } from '../disputes/dispute.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { settlePaidInvoice } from '../invoices/settle-paid-invoice.ts'
import type { CardBehaviour } from '../state.ts'
import type { Invoice, PaymentIntent } from '../wire.ts'
import { createCharge } from './create-charge.ts'
import { createPaymentIntent, paymentOf } from './create-payment-intent.ts'
import { declineMessage } from './decline.ts'
import { recordFailedPayment } from './record-failed-payment.ts'

export type Attempt = {
  readonly paymentMethod: string
  /** The cardholder is present (a hosted page), so a first charge of a card that fails later works. */
  readonly present: boolean
  /** One of the scheduled attempts; only those move the retry schedule. */
  readonly scheduled: boolean
}

export type AttemptResult =
  | { readonly paid: true }
  | {
      readonly paid: false
      readonly declineCode: string
      readonly message: string
      readonly intent: PaymentIntent
    }

/** Charges an open invoice once and records what follows from the outcome. */
export function attemptPayment(engine: Engine, invoice: Invoice, attempt: Attempt): AttemptResult {
  const found = paymentOf(engine, invoice.id)
  const intent = found?.intent ?? createPaymentIntent(engine, invoice)
  change(intent, { amount: invoice.amount_remaining, payment_method: attempt.paymentMethod })
  const declineCode = outcome(engine.state.cards.get(attempt.paymentMethod), attempt.present)
  const isFirst = !invoice.attempted
  change(invoice, {
    attempted: true,
    attempt_count: invoice.attempt_count + (isFirst || attempt.scheduled ? 1 : 0),
  })
  if (declineCode !== undefined) {
    recordFailedPayment(engine, invoice, intent, declineCode, attempt.present)
    return { paid: false, declineCode, message: declineMessage(declineCode), intent }
  }
  succeed(engine, invoice, intent)
  return { paid: true }
}

/** `undefined` for success, else the decline code. */
function outcome(card: CardBehaviour | undefined, present: boolean): string | undefined {
  if (card === undefined) return 'generic_decline'
  if (card.kind === 'succeed' || card.kind === 'dispute') return undefined
  if (card.kind === 'decline_later' && present) return undefined
  if (card.kind === 'authenticate' && card.authenticated) return undefined
  return card.declineCode ?? 'generic_decline'
}

function succeed(engine: Engine, invoice: Invoice, intent: PaymentIntent): void {
  const charge = createCharge(engine, intent, undefined)
  change(intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'succeeded',
  })
  emit(engine, 'payment_intent.succeeded', intent)
  emit(engine, 'charge.succeeded', charge)
  if (engine.state.cards.get(intent.payment_method ?? '')?.kind === 'dispute')
    openDispute(engine, charge, 'fraudulent')
  const payment = paymentOf(engine, invoice.id)?.payment
  if (payment !== undefined) {
    change(payment, {
      amount_paid: intent.amount,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: nowSeconds(engine) },
    })
    emit(engine, 'invoice_payment.paid', payment)
  }
  settlePaidInvoice(engine, invoice, { amountPaid: intent.amount, outOfBand: false })
}
