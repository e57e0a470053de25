import type { Answer } from '../api/idempotency.ts'
import { confirmSession, type PayResult, paySession, successUrl } from '../engine/checkout/pay-session.ts'
import { type CardForm, readCard } from '../engine/checkout/read-card.ts'
import type { Engine } from '../engine/engine.ts'
import { saveCard } from '../engine/portal/save-card.ts'
import type { CheckoutSession, PortalSession } from '../engine/wire.ts'
import { page, redirect } from './answer.ts'
import { answerInvoice } from './answer-invoice.ts'
import { cardValues } from './card-values.ts'
import { checkoutPage, confirmPage, messagePage } from './checkout-page.ts'
import { portalPage } from './portal-page.ts'

export type PageRequest = { readonly method: string; readonly path: string; readonly body: string }

/** Answers the hosted pages; `undefined` for a path that is not one of them. */
export function handlePage(engine: Engine, request: PageRequest): Answer | undefined {
  const form = new URLSearchParams(request.body)
  const checkout = /^\/c\/pay\/([^/]+)(\/confirm)?$/.exec(request.path)
  if (checkout !== null) {
    const session = engine.state.checkoutSessions[checkout[1] ?? '']
    if (session === undefined)
      return page(messagePage('Something went wrong', 'This payment page does not exist.', null), 404)
    return checkout[2] === undefined
      ? pay(engine, session, request.method, form)
      : confirm(engine, session, request.method, form)
  }
  const portal = /^\/p\/session\/([^/]+)$/.exec(request.path)
  if (portal !== null) {
    const session = engine.state.portalSessions[portal[1] ?? '']
    if (session === undefined)
      return page(messagePage('Something went wrong', 'This billing page does not exist.', null), 404)
    return portalAnswer(engine, session, request.method, form)
  }
  const invoiceId = /^\/i\/([^/]+)(?:\/pdf)?$/.exec(request.path)?.[1]
  if (invoiceId === undefined) return undefined
  const invoice = engine.state.invoices[invoiceId]
  if (invoice === undefined)
    return page(messagePage('Something went wrong', 'This invoice does not exist.', null), 404)
  return answerInvoice(engine, invoice, request.method, form)
}

function pay(engine: Engine, session: CheckoutSession, method: string, form: URLSearchParams): Answer {
  if (session.status === 'complete') return redirect(successUrl(session))
  if (session.status !== 'open') return expired(session)
  const values = cardValues(form)
  const email = form.get('email')
  if (method !== 'POST')
    return page(checkoutPage(engine, session, { problem: null, values: {}, email: null }), 200)
  const card = readCard(values, engine.time.now())
  if (!card.ok) return page(checkoutPage(engine, session, { problem: card, values, email }), 422)
  const result = paySession(engine, session.id, card.card, email)
  if (result.kind === 'confirm') return redirect(`/c/pay/${session.id}/confirm`)
  return afterPay(engine, session, result, values)
}

function confirm(engine: Engine, session: CheckoutSession, method: string, form: URLSearchParams): Answer {
  if (session.status === 'complete') return redirect(successUrl(session))
  if (session.status !== 'open') return expired(session)
  if (engine.state.checkoutRecords[session.id]?.pendingCard === null) return redirect(`/c/pay/${session.id}`)
  if (method !== 'POST') return page(confirmPage(session), 200)
  return afterPay(engine, session, confirmSession(engine, session.id, form.get('outcome') === 'complete'), {})
}

function afterPay(
  engine: Engine,
  session: CheckoutSession,
  result: PayResult,
  values: Partial<CardForm>,
): Answer {
  if (result.kind === 'paid') return redirect(result.redirectUrl)
  if (result.kind === 'expired') return expired(session)
  const message = result.kind === 'declined' ? result.message : 'Please try again.'
  const view = { problem: { field: null, message }, values, email: session.customer_email }
  return page(checkoutPage(engine, session, view), 402)
}

function expired(session: CheckoutSession): Answer {
  const link = session.cancel_url === null ? null : { href: session.cancel_url, label: 'Go back' }
  return page(
    messagePage(
      'This page has expired',
      'Nothing was charged. Please start again from the site you came from.',
      link,
    ),
    410,
  )
}

function portalAnswer(engine: Engine, session: PortalSession, method: string, form: URLSearchParams): Answer {
  if (method !== 'POST')
    return page(portalPage(engine, session, { problem: null, values: {}, saved: false }), 200)
  const values = cardValues(form)
  const card = readCard(values, engine.time.now())
  if (!card.ok) return page(portalPage(engine, session, { problem: card, values, saved: false }), 422)
  const result = saveCard(engine, session.customer, card.card)
  if (result.ok) return page(portalPage(engine, session, { problem: null, values: {}, saved: true }), 200)
  return page(
    portalPage(engine, session, { problem: { field: null, message: result.message }, values, saved: false }),
    402,
  )
}
