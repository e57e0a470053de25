import { followSubscription } from '../../changes/follow-subscription.ts'
import { idle, type Route } from '../route.ts'

/** A subscription was made, changed or ended: it is switched on, followed, left or refused. */
export const followChange: Route = (ports, subscriptionId, now) =>
  followSubscription(ports, subscriptionId, now)

/** The subscription that a Checkout session made. */
export const switchOnSession: Route = async (ports, sessionId, now) => {
  const { subscriptionId } = await ports.stripe.getSession(sessionId)
  return subscriptionId
    ? followSubscription(ports, subscriptionId, now)
    : idle('the session has no subscription')
}
