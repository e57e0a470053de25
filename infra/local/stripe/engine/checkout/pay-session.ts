import { createCustomer } from '../customers/create-customer.ts'
import { change, type Engine, emit } from '../engine.ts'
import { need } from '../find.ts'
import { attachToCustomer } from '../payments/attach-payment-method.ts'
import { attemptPayment } from '../payments/attempt-payment.ts'
import { createCardPaymentMethod } from '../payments/create-payment-method.ts'
import { declineMessage } from '../payments/decline.ts'
import { findTestCard } from '../payments/test-cards.ts'
import type { CheckoutRecord, PendingCard } from '../state.ts'
import { openSubscription } from '../subscriptions/open-subscription.ts'
import type { CheckoutSession, Customer } from '../wire.ts'
import { detailsOf } from './empty-session.ts'

export type PayResult =
  | { readonly kind: 'paid'; readonly redirectUrl: string }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'declined'; readonly message: string }
  | { readonly kind: 'expired' }

/**
 * A person submits a card on the hosted page. A refused card leaves the session open for another one and creates
 * nothing; a card that needs its holder waits for `confirmSession`; submitting a paid session again changes nothing.
 */
export function paySession(engine: Engine, id: string, card: PendingCard, email: string | null): PayResult {
  const session = need(engine.state.checkoutSessions, 'checkout.session', id)
  const record = need(engine.state.checkoutRecords, 'checkout.session', id)
  if (session.status === 'complete') return { kind: 'paid', redirectUrl: successUrl(session) }
  if (session.status !== 'open') return { kind: 'expired' }
  const known = findTestCard(card.number)
  if (known === undefined || known.kind === 'decline') {
    return { kind: 'declined', message: declineMessage(known?.declineCode ?? 'generic_decline') }
  }
  if (email !== null && session.customer === null) session.customer_email = email
  if (known.kind === 'authenticate') {
    record.pendingCard = card
    return { kind: 'confirm' }
  }
  return complete(engine, session, record, card, false)
}

/** The cardholder's answer to the bank's question. */
export function confirmSession(engine: Engine, id: string, confirmed: boolean): PayResult {
  const session = need(engine.state.checkoutSessions, 'checkout.session', id)
  const record = need(engine.state.checkoutRecords, 'checkout.session', id)
  if (session.status === 'complete') return { kind: 'paid', redirectUrl: successUrl(session) }
  if (session.status !== 'open') return { kind: 'expired' }
  const card = record.pendingCard
  record.pendingCard = null
  if (card === null || !confirmed) {
    return {
      kind: 'declined',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    }
  }
  return complete(engine, session, record, card, true)
}

/** Where the browser goes after payment; `{CHECKOUT_SESSION_ID}` is replaced. */
export function successUrl(session: CheckoutSession): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

function complete(
  engine: Engine,
  session: CheckoutSession,
  record: CheckoutRecord,
  card: PendingCard,
  authenticated: boolean,
): PayResult {
  const customer = customerOf(engine, session, card)
  const method = createCardPaymentMethod(engine, { ...card, email: customer.email })
  const behaviour = engine.state.cards[method.id]
  if (behaviour !== undefined) behaviour.authenticated = authenticated
  attachToCustomer(engine, method, customer.id)
  const { subscription, invoice } = openSubscription(engine, {
    customer,
    items: record.lines.map(line => ({
      price: line.price,
      ...(line.quantity === null ? {} : { quantity: line.quantity }),
      metadata: {},
    })),
    itemsParam: 'line_items',
    metadata: record.subscriptionMetadata,
    description: record.subscriptionDescription,
    defaultPaymentMethod: method.id,
    cancelAtPeriodEnd: false,
    coupons: [],
  })
  if (invoice?.status === 'open') {
    attemptPayment(engine, invoice, { paymentMethod: method.id, present: true, scheduled: false })
  }
  change(session, {
    customer: customer.id,
    customer_details: { ...detailsOf(customer, null), name: card.name } as NonNullable<
      CheckoutSession['customer_details']
    >,
    invoice: invoice?.id ?? null,
    payment_status: invoice === null ? 'no_payment_required' : 'paid',
    status: 'complete',
    subscription: subscription.id,
    url: null,
  })
  emit(engine, 'checkout.session.completed', session)
  return { kind: 'paid', redirectUrl: successUrl(session) }
}

function customerOf(engine: Engine, session: CheckoutSession, card: PendingCard): Customer {
  const known = engine.state.customers[session.customer ?? '']
  if (known !== undefined) return known
  return createCustomer(engine, {
    name: card.name,
    ...(session.customer_email === null ? {} : { email: session.customer_email }),
  })
}
