import { followSubscription } from '../../changes/follow-subscription.ts'
import { idle, type Route } from '../route.ts'

/** A schedule was made, changed, released or cancelled: what its subscription is to become may have changed. */
export const followSchedule: Route = async (ports, scheduleId, now) => {
  const { subscriptionId } = await ports.stripe.getSchedule(scheduleId)
  return subscriptionId
    ? followSubscription(ports, subscriptionId, now)
    : idle('the schedule has no subscription')
}
