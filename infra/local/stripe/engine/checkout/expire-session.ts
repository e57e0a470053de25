import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import type { CheckoutSession } from '../wire.ts'

/** https://docs.stripe.com/api/checkout/sessions/expire */
export function expireSession(engine: Engine, id: string): CheckoutSession {
  const session = need(engine.state.checkoutSessions, 'checkout.session', id)
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    )
  }
  expire(engine, session)
  return session
}

/** Arms the end of an open session. */
export function expireWhenDue(engine: Engine, session: CheckoutSession): void {
  engine.time.at(session.expires_at * 1000, `stripe: expire ${session.id}`, () => {
    const current = engine.state.checkoutSessions[session.id]
    if (current?.status === 'open' && current.expires_at <= nowSeconds(engine)) expire(engine, current)
  })
}

function expire(engine: Engine, session: CheckoutSession): void {
  change(session, { status: 'expired', url: null })
  emit(engine, 'checkout.session.expired', session)
}
