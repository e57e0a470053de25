import { appendAudit } from '#kernel/audit'
import type { Instant } from '#kernel/time'
import { serviceCall } from '../../procedures/service-call.ts'
import { type ChangePorts, type ChangeState, changeHolder } from './state.ts'

/**
 * Cancels a subscription that nobody asked for and gives back what it was paid. The execution then fails on purpose: how
 * it came to be is for a person to find out.
 */
export async function refuseUnwanted(
  { billing, stripe }: ChangePorts,
  state: ChangeState,
  now: Instant,
): Promise<ChangeState> {
  const { accountId, subscriptionId } = state
  await appendAudit(billing, serviceCall(now, changeHolder(state)), {
    accountId,
    action: 'subscription.refused',
    before: { subscriptionId },
    reason: 'It is neither the current subscription nor that of the open change.',
  })
  // Refunded first: a crash in between leaves it live, and the sweep comes back to it.
  await stripe.refundSubscription(subscriptionId)
  await stripe.cancelUnused(subscriptionId)
  return { ...state, outcome: 'refused' }
}
