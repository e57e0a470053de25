import { endWork, readPlanChange } from '../../workflows/work-item.ts'
import { idle, type Route } from '../route.ts'

/** A Checkout that was left is over: its account is free for another choice, and no page speaks of it any more. */
export const forgetCheckout: Route = async (ports, sessionId) => {
  const session = await ports.stripe.getSession(sessionId)
  if (session.status !== 'expired' || !session.accountId) return idle('the session is not over')
  const change = await readPlanChange(ports.billing, session.accountId)
  if (change?.state !== 'checkout_open' || change.sessionId !== sessionId) return idle('not the open session')
  await endWork(ports.billing, 'change-plan', session.accountId, [
    { path: 'claim', equals: change.claim },
    { path: 'state', equals: 'checkout_open' },
  ])
  return idle('forgotten')
}
