import { type Engine, nowSeconds } from '../engine.ts'
import { needCustomer } from '../find.ts'
import { newId } from '../ids.ts'
import { type Input, object, required, text } from '../params.ts'
import type { PortalSession } from '../wire.ts'

export const createPortalSessionParams = object({
  configuration: text(),
  customer: required(text()),
  locale: text(),
  return_url: text(),
})

/** https://docs.stripe.com/api/customer_portal/sessions/create */
export function createPortalSession(
  engine: Engine,
  input: Input<typeof createPortalSessionParams>,
): PortalSession {
  const customer = needCustomer(engine, input.customer, 'customer')
  const id = newId(engine.state, 'bps_')
  const session: PortalSession = {
    id,
    object: 'billing_portal.session',
    configuration: input.configuration ?? 'bpc_local',
    created: nowSeconds(engine),
    customer: customer.id,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: input.locale ?? null,
    on_behalf_of: null,
    return_url: input.return_url ?? null,
    url: `${engine.settings.baseUrl}/p/session/${id}`,
  }
  engine.state.portalSessions.set(id, session)
  return session
}
