import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { newId } from '../ids.ts'
import type { Invoice, InvoicePayment, PaymentIntent } from '../wire.ts'
import { defaultPaymentMethod } from './default-payment-method.ts'

/** The intent that will collect a finalized invoice, and the invoice's open payment. */
export function createPaymentIntent(engine: Engine, invoice: Invoice): PaymentIntent {
  const id = newId(engine.state, 'pi_')
  const method = defaultPaymentMethod(engine, invoice)
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: invoice.amount_due,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${newId(engine.state, '')}`,
    confirmation_method: 'automatic',
    created: nowSeconds(engine),
    currency: invoice.currency,
    customer: invoice.customer,
    customer_account: null,
    description:
      invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: method,
    payment_method_configuration_details: null,
    payment_method_options: { card: emptyCardOptions() },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    transfer_group: null,
  }
  engine.state.paymentIntents.set(id, intent)
  const payment = openPayment(engine, invoice, id)
  engine.state.invoicePayments.set(payment.id, payment)
  emit(engine, 'payment_intent.created', intent)
  return intent
}

function emptyCardOptions(): NonNullable<NonNullable<PaymentIntent['payment_method_options']>['card']> {
  return { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' }
}

function openPayment(engine: Engine, invoice: Invoice, intentId: string): InvoicePayment {
  return {
    id: newId(engine.state, 'inpay_'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: nowSeconds(engine),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intentId, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

/** Gives up collecting an invoice. */
export function cancelPayment(engine: Engine, invoiceId: string): void {
  const open = paymentOf(engine, invoiceId)
  if (open === undefined || open.payment.status !== 'open') return
  const now = nowSeconds(engine)
  change(open.intent, { canceled_at: now, status: 'canceled' })
  change(open.payment, { status: 'canceled', status_transitions: { canceled_at: now, paid_at: null } })
  emit(engine, 'payment_intent.canceled', open.intent)
}

/** The open or settled default payment of an invoice and its intent, if it has one. */
export function paymentOf(
  engine: Engine,
  invoiceId: string,
): { payment: InvoicePayment; intent: PaymentIntent } | undefined {
  const payment = [...engine.state.invoicePayments.values()].find(
    p => p.invoice === invoiceId && p.is_default,
  )
  const intent = engine.state.paymentIntents.get(payment?.payment.payment_intent ?? '')
  return payment === undefined || intent === undefined ? undefined : { payment, intent }
}
