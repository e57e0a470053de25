import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { scheduleCollection } from '../invoices/collect-invoice.ts'
import { endSubscription } from '../subscriptions/cancel-subscription.ts'
import type { Customer, Invoice, PaymentIntent, Subscription } from '../wire.ts'
import { createCharge } from './create-charge.ts'
import { declineMessage } from './decline.ts'
import { subscriptionIdOf } from './default-payment-method.ts'

const DAY_SECONDS = 86_400

/** A declined or unconfirmed charge: intent, invoice, subscription and customer as Stripe leaves them. */
export function recordFailedPayment(
  engine: Engine,
  invoice: Invoice,
  intent: PaymentIntent,
  declineCode: string,
  present: boolean,
): void {
  const needsHolder = declineCode === 'authentication_required'
  const charge = needsHolder ? undefined : createCharge(engine, intent, declineCode)
  change(intent, {
    last_payment_error: {
      ...(charge === undefined ? {} : { charge: charge.id }),
      code: needsHolder ? 'authentication_required' : 'card_declined',
      decline_code: declineCode,
      message: declineMessage(declineCode),
      type: 'card_error',
    },
    latest_charge: charge?.id ?? null,
    status: needsHolder ? 'requires_action' : 'requires_payment_method',
  })
  const before = { attempted: false, next_payment_attempt: invoice.next_payment_attempt }
  change(invoice, { next_payment_attempt: nextAttempt(engine, invoice) })
  if (needsHolder) {
    emit(engine, 'payment_intent.requires_action', intent)
    emit(engine, 'invoice.payment_action_required', invoice)
    // A holder who is on the page answers next: nothing has failed yet.
    if (present) return
  } else {
    emit(engine, 'payment_intent.payment_failed', intent)
    if (charge !== undefined) emit(engine, 'charge.failed', charge)
  }
  emit(engine, 'invoice.payment_failed', invoice)
  emit(engine, 'invoice.updated', invoice, before)
  scheduleCollection(engine, invoice)
  markPastDue(engine, engine.state.subscriptions.get(subscriptionIdOf(invoice) ?? ''), invoice)
  markDelinquent(engine, engine.state.customers.get(invoice.customer ?? ''))
  if (gaveUp(engine, invoice)) afterLastRetry(engine, invoice)
}

/** Whether the last of the automatic attempts has failed. */
function gaveUp(engine: Engine, invoice: Invoice): boolean {
  return Boolean(invoice.auto_advance) && invoice.attempt_count > engine.settings.paymentRetryDays.length
}

/** What the dashboard says is to become of the subscription: https://docs.stripe.com/billing/revenue-recovery/smart-retries */
function afterLastRetry(engine: Engine, invoice: Invoice): void {
  const subscription = engine.state.subscriptions.get(subscriptionIdOf(invoice) ?? '')
  if (subscription?.status !== 'past_due') return
  if (engine.settings.afterLastRetry === 'mark_unpaid') {
    emit(engine, 'customer.subscription.updated', subscription, change(subscription, { status: 'unpaid' }))
  }
  if (engine.settings.afterLastRetry === 'cancel') {
    if (subscription.cancellation_details !== null)
      subscription.cancellation_details.reason = 'payment_failed'
    endSubscription(engine, subscription, nowSeconds(engine))
  }
}

function nextAttempt(engine: Engine, invoice: Invoice): number | null {
  const days = engine.settings.paymentRetryDays[invoice.attempt_count - 1]
  if (!invoice.auto_advance || days === undefined) return null
  return nowSeconds(engine) + days * DAY_SECONDS
}

/** A first invoice leaves its subscription incomplete; any later one makes an active subscription past due. */
function markPastDue(engine: Engine, subscription: Subscription | undefined, invoice: Invoice): void {
  if (subscription?.status !== 'active' || invoice.billing_reason === 'subscription_create') return
  const previous = change(subscription, { status: 'past_due' })
  emit(engine, 'customer.subscription.updated', subscription, previous)
}

function markDelinquent(engine: Engine, customer: Customer | undefined): void {
  if (customer === undefined || customer.delinquent) return
  const previous = change(customer, { delinquent: true })
  emit(engine, 'customer.updated', customer, previous)
}
