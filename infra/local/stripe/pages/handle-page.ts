import type { Answer } from '../api/idempotency.ts'
import { confirmSession, type PayResult, paySession, successUrl } from '../engine/checkout/pay-session.ts'
import { type CardForm, readCard } from '../engine/checkout/read-card.ts'
import type { Engine } from '../engine/engine.ts'
import type { CheckoutSession } from '../engine/wire.ts'
import { readAddress } from './address-form.ts'
import { page, redirect } from './answer.ts'
import { answerInvoice } from './answer-invoice.ts'
import { answerPortal } from './answer-portal.ts'
import { cardValues } from './card-values.ts'
import { checkoutPage, confirmPage, messagePage } from './checkout-page.ts'

export type PageRequest = { readonly method: string; readonly path: string; readonly body: string }

/** Answers the hosted pages; `undefined` for a path that is not one of them. */
export function handlePage(engine: Engine, request: PageRequest): Answer | undefined {
  const form = new URLSearchParams(request.body)
  const checkout = /^\/c\/pay\/([^/]+)(\/confirm)?$/.exec(request.path)
  if (checkout !== null) {
    const session = engine.state.checkoutSessions.get(checkout[1] ?? '')
    if (session === undefined)
      return page(messagePage('Something went wrong', 'This payment page does not exist.', null), 404)
    return checkout[2] === undefined
      ? pay(engine, session, request.method, form)
      : confirm(engine, session, request.method, form)
  }
  const portal = /^\/p\/session\/([^/]+)$/.exec(request.path)
  if (portal !== null) {
    const session = engine.state.portalSessions.get(portal[1] ?? '')
    if (session === undefined)
      return page(messagePage('Something went wrong', 'This billing page does not exist.', null), 404)
    return answerPortal(engine, session, request.method, form)
  }
  const invoiceId = /^\/i\/([^/]+)(?:\/(?:pdf|receipt))?$/.exec(request.path)?.[1]
  if (invoiceId === undefined) return undefined
  const invoice = engine.state.invoices.get(invoiceId)
  if (invoice === undefined)
    return page(messagePage('Something went wrong', 'This invoice does not exist.', null), 404)
  return answerInvoice(engine, invoice, request.method, form)
}

function pay(engine: Engine, session: CheckoutSession, method: string, form: URLSearchParams): Answer {
  if (session.status === 'complete') return redirect(successUrl(session))
  if (session.status !== 'open') return expired(session)
  const values = cardValues(form)
  const email = form.get('email')?.trim().slice(0, 500) ?? null
  if (method !== 'POST')
    return page(checkoutPage(engine, session, { problem: null, values: {}, email: null }), 200)
  const card = readCard(values, engine.time.now())
  if (!card.ok) return page(checkoutPage(engine, session, { problem: card, values, email }), 422)
  const result = paySession(engine, session.id, card.card, {
    email,
    address: readAddress(form),
    taxId: form.get('taxId')?.trim() || undefined,
  })
  if (result.kind === 'confirm') return redirect(`/c/pay/${session.id}/confirm`)
  return afterPay(engine, session, result, values)
}

function confirm(engine: Engine, session: CheckoutSession, method: string, form: URLSearchParams): Answer {
  if (session.status === 'complete') return redirect(successUrl(session))
  if (session.status !== 'open') return expired(session)
  if (engine.state.checkoutRecords.get(session.id)?.pendingCard === null)
    return redirect(`/c/pay/${session.id}`)
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
