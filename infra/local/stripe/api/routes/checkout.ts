import { createSession, createSessionParams } from '../../engine/checkout/create-session.ts'
import { expireSession } from '../../engine/checkout/expire-session.ts'
import { need } from '../../engine/find.ts'
import { object, oneOf, text } from '../../engine/params.ts'
import { createPortalSession, createPortalSessionParams } from '../../engine/portal/create-portal-session.ts'
import { checkoutItems } from '../../engine/render.ts'
import { many, one } from '../router.ts'
import { is, nothing } from './filters.ts'

const SESSIONS = '/v1/checkout/sessions'

export const checkoutRoutes = [
  one('POST', SESSIONS, createSessionParams, (engine, input) => createSession(engine, input)),
  many(
    SESSIONS,
    object({ customer: text(), status: oneOf('open', 'complete', 'expired'), subscription: text() }),
    (engine, input) =>
      [...engine.state.checkoutSessions.values()].filter(
        session =>
          is(session.customer ?? undefined, input.customer) &&
          is<string | null>(session.status, input.status) &&
          is(session.subscription ?? undefined, input.subscription),
      ),
  ),
  one('GET', `${SESSIONS}/:id`, nothing, (engine, _input, path) =>
    need(engine.state.checkoutSessions, 'checkout.session', path.id),
  ),
  one('POST', `${SESSIONS}/:id/expire`, nothing, (engine, _input, path) => expireSession(engine, path.id)),
  many(`${SESSIONS}/:id/line_items`, nothing, (engine, _input, path) => {
    need(engine.state.checkoutSessions, 'checkout.session', path.id)
    return checkoutItems(engine.state, path.id).reverse()
  }),
  one('POST', '/v1/billing_portal/sessions', createPortalSessionParams, (engine, input) =>
    createPortalSession(engine, input),
  ),
]
