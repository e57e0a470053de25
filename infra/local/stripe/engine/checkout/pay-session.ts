import { createCustomer } from '../customers/create-customer.ts'
import { updateCustomer } from '../customers/update-customer.ts'
import { change, type Engine, emit } from '../engine.ts'
import { Fault } from '../fault.ts'
import { need } from '../find.ts'
import { attachToCustomer } from '../payments/attach-payment-method.ts'
import { attemptPayment } from '../payments/attempt-payment.ts'
import { createCardPaymentMethod } from '../payments/create-payment-method.ts'
import { declineMessage } from '../payments/decline.ts'
import { findTestCard } from '../payments/test-cards.ts'
import type { CheckoutRecord, PendingCard } from '../state.ts'
import { openSubscription } from '../subscriptions/open-subscription.ts'
import { createTaxId, taxIdsOf } from '../tax/tax-id.ts'
import type { CheckoutSession, Customer, Invoice, PaymentMethod, Subscription } from '../wire.ts'
import { detailsOf } from './empty-session.ts'

export type PayResult =
  | { readonly kind: 'paid'; readonly redirectUrl: string }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'declined'; readonly message: string }
  | { readonly kind: 'expired' }

/** What a person typed beside the card, as far as the page asked for it. */
export type Buyer = {
  readonly email: string | null
  readonly address?: NonNullable<Parameters<typeof createCustomer>[1]['address']> | undefined
  readonly taxId?: string | undefined
}

/**
 * A person submits a card on the hosted page. The first card makes the customer and, when something is due now, the
 * incomplete subscription with its invoice; a refused card leaves all of that open for another one. A card that needs its
 * holder waits for `confirmSession`; submitting a paid session again changes nothing.
 */
export function paySession(engine: Engine, id: string, card: PendingCard, buyer: Buyer): PayResult {
  const session = need(engine.state.checkoutSessions, 'checkout.session', id)
  const record = need(engine.state.checkoutRecords, 'checkout.session', id)
  if (session.status === 'complete') return { kind: 'paid', redirectUrl: successUrl(session) }
  if (session.status !== 'open') return { kind: 'expired' }
  const known = findTestCard(card.number)
  if (known === undefined) return { kind: 'declined', message: declineMessage('generic_decline') }
  if (buyer.email !== null && session.customer === null) session.customer_email = buyer.email
  const customer = customerOf(engine, session, record, card, buyer)
  if (customer === undefined) return { kind: 'expired' }
  const problem = keepTaxId(engine, customer.id, buyer.taxId)
  if (problem !== null) return { kind: 'declined', message: problem }
  if (known.kind === 'authenticate') {
    record.pendingCard = card
    return { kind: 'confirm' }
  }
  return complete(engine, { session, record, customer }, card, false)
}

/** The cardholder's answer to the bank's question. */
export function confirmSession(engine: Engine, id: string, confirmed: boolean): PayResult {
  const session = need(engine.state.checkoutSessions, 'checkout.session', id)
  const record = need(engine.state.checkoutRecords, 'checkout.session', id)
  if (session.status === 'complete') return { kind: 'paid', redirectUrl: successUrl(session) }
  const customer = engine.state.customers.get(record.customer ?? '')
  if (session.status !== 'open' || customer === undefined) return { kind: 'expired' }
  const card = record.pendingCard
  record.pendingCard = null
  if (card === null || !confirmed) {
    return {
      kind: 'declined',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    }
  }
  return complete(engine, { session, record, customer }, card, true)
}

/** Where the browser goes after payment; `{CHECKOUT_SESSION_ID}` is replaced. */
export function successUrl(session: CheckoutSession): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

type Purchase = {
  readonly session: CheckoutSession
  readonly record: CheckoutRecord
  readonly customer: Customer
}

function complete(engine: Engine, purchase: Purchase, card: PendingCard, authenticated: boolean): PayResult {
  const { session, customer } = purchase
  const method = createCardPaymentMethod(engine, { ...card, email: customer.email })
  const behaviour = engine.state.cards.get(method.id)
  if (behaviour !== undefined) behaviour.authenticated = authenticated
  const paid = pay(engine, purchase, method)
  if (paid.kind === 'declined') return paid
  change(session, {
    customer: customer.id,
    customer_details: { ...detailsOf(customer, null, card.name) },
    invoice: paid.invoice?.id ?? null,
    payment_status: paid.invoice === null ? 'no_payment_required' : 'paid',
    status: 'complete',
    subscription: paid.subscription.id,
    url: null,
  })
  emit(engine, 'checkout.session.completed', session)
  return { kind: 'paid', redirectUrl: successUrl(session) }
}

type Paid =
  | { readonly kind: 'paid'; readonly subscription: Subscription; readonly invoice: Invoice | null }
  | { readonly kind: 'declined'; readonly message: string }

function pay(engine: Engine, purchase: Purchase, method: PaymentMethod): Paid {
  const { record, customer } = purchase
  const opened = engine.state.subscriptions.get(record.subscription ?? '')
  // What is due now is charged before the card is kept; with nothing due, the card is kept first.
  const invoice = opened === undefined ? undefined : engine.state.invoices.get(opened.latest_invoice ?? '')
  if (opened !== undefined && invoice?.status === 'open') return charge(engine, opened, invoice, method)
  if (dueNow(purchase.session) === 0) {
    const message = keep(engine, method, customer.id)
    if (message !== null) return { kind: 'declined', message }
  }
  const made = openSubscription(engine, {
    customer,
    items: record.lines.map(line => ({
      price: line.price,
      ...(line.quantity === null ? {} : { quantity: line.quantity }),
      metadata: {},
    })),
    itemsParam: 'line_items',
    metadata: record.subscriptionMetadata,
    description: record.subscriptionDescription,
    defaultPaymentMethod: dueNow(purchase.session) === 0 ? method.id : null,
    automaticTax: purchase.session.automatic_tax.enabled,
    cancelAtPeriodEnd: false,
    coupons: [],
  })
  record.subscription = made.subscription.id
  if (made.invoice?.status !== 'open') return { kind: 'paid', ...made }
  return charge(engine, made.subscription, made.invoice, method)
}

const dueNow = (session: CheckoutSession): number => session.amount_total ?? 0

function charge(engine: Engine, subscription: Subscription, invoice: Invoice, method: PaymentMethod): Paid {
  const result = attemptPayment(engine, invoice, {
    paymentMethod: method.id,
    present: true,
    scheduled: false,
  })
  if (!result.paid) return { kind: 'declined', message: result.message }
  keep(engine, method, subscription.customer)
  change(subscription, { default_payment_method: method.id })
  return { kind: 'paid', subscription, invoice }
}

/** Gives the card to the customer. Answers why not, or `null`. */
function keep(engine: Engine, method: PaymentMethod, customerId: string): string | null {
  return problemOf(() => attachToCustomer(engine, method, customerId))
}

function keepTaxId(engine: Engine, customerId: string, value: string | undefined): string | null {
  if (value === undefined || taxIdsOf(engine, customerId).some(known => known.value === value)) return null
  return problemOf(() => createTaxId(engine, customerId, { type: 'eu_vat', value }))
}

function problemOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

function customerOf(
  engine: Engine,
  session: CheckoutSession,
  record: CheckoutRecord,
  card: PendingCard,
  buyer: Buyer,
): Customer | undefined {
  const known = engine.state.customers.get(record.customer ?? '')
  // A customer that was given and deleted since cannot pay any more.
  if (known === undefined && record.customer !== null) return undefined
  const customer =
    known ??
    createCustomer(engine, {
      name: card.name,
      ...(session.customer_email === null ? {} : { email: session.customer_email }),
    })
  record.customer = customer.id
  if (buyer.address !== undefined) updateCustomer(engine, customer.id, { address: buyer.address })
  return customer
}
