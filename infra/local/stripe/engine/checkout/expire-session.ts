import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { expireIncomplete } from '../subscriptions/expire-incomplete.ts'
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
export function scheduleExpiry(engine: Engine, session: CheckoutSession): void {
  engine.time.later('expire-checkout-session', session.expires_at * 1000, session.id)
}

/** The timer of `scheduleExpiry`. */
export function expireWhenDue(engine: Engine, id: string): void {
  const session = engine.state.checkoutSessions.get(id)
  if (session?.status === 'open' && session.expires_at <= nowSeconds(engine)) expire(engine, session)
}

function expire(engine: Engine, session: CheckoutSession): void {
  change(session, { status: 'expired', url: null })
  const subscription = engine.state.checkoutRecords.get(session.id)?.subscription
  if (subscription) expireIncomplete(engine, subscription)
  emit(engine, 'checkout.session.expired', session)
}
