import { reinstateCredits } from '../credits/apply-credits.ts'
import { moveBalance } from '../customers/balance.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needInvoice } from '../find.ts'
import { cancelPayment } from '../payments/create-payment-intent.ts'
import { subscriptionIdOf } from '../payments/default-payment-method.ts'
import type { Invoice } from '../wire.ts'
import { revive } from './settle-paid-invoice.ts'

/** https://docs.stripe.com/api/invoices/void */
export function voidInvoice(engine: Engine, id: string): Invoice {
  const invoice = needInvoice(engine, id)
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(
      `You can only pass in open or uncollectible invoices. This invoice is ${invoice.status}.`,
      {
        code: 'invoice_not_editable',
      },
    )
  }
  cancelPayment(engine, id)
  const previous = change(invoice, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: nowSeconds(engine) },
  })
  emit(engine, 'invoice.updated', invoice, previous)
  emit(engine, 'invoice.voided', invoice)
  reinstateCredits(engine, invoice)
  giveBackBalance(engine, invoice)
  const subscription = engine.state.subscriptions.get(subscriptionIdOf(invoice) ?? '')
  if (subscription?.status !== 'incomplete') revive(engine, subscription, invoice)
  return invoice
}

/** What the invoice took from the customer's balance, or left there, is undone. */
function giveBackBalance(engine: Engine, invoice: Invoice): void {
  const customer = engine.state.customers.get(invoice.customer ?? '')
  const moved = (invoice.ending_balance ?? 0) - invoice.starting_balance
  if (customer === undefined || moved === 0) return
  moveBalance(engine, customer, -moved, { type: 'unapplied_from_invoice', invoice: invoice.id })
}

/** https://docs.stripe.com/api/invoices/mark_uncollectible */
export function markUncollectible(engine: Engine, id: string): Invoice {
  const invoice = needInvoice(engine, id)
  if (invoice.status !== 'open') {
    throw invalidRequest(
      `You can only mark open invoices uncollectible. This invoice is ${invoice.status}.`,
      {
        code: 'invoice_not_editable',
      },
    )
  }
  const previous = change(invoice, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: nowSeconds(engine) },
  })
  emit(engine, 'invoice.updated', invoice, previous)
  emit(engine, 'invoice.marked_uncollectible', invoice)
  revive(engine, engine.state.subscriptions.get(subscriptionIdOf(invoice) ?? ''), invoice)
  return invoice
}
