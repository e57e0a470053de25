import { endWork } from '../work-item.ts'
import type { ChangePorts, ChangeState } from './state.ts'

const OVER: ReadonlySet<string> = new Set(['canceled', 'incomplete_expired'])

/**
 * Refetches the subscription. `ready` when it is active, `pending` while its first payment is open, `expired` when it
 * has ended or is not ours: then the account is free for another change.
 */
export async function loadChange({ billing, stripe }: ChangePorts, state: ChangeState): Promise<ChangeState> {
  const subscription = await stripe.getSubscription(state.subscriptionId)
  const { accountId, planVersionId, status } = subscription
  if (OVER.has(status) || accountId !== state.accountId || !planVersionId) {
    const stillOurs = [{ path: 'subscriptionId', equals: state.subscriptionId }]
    await endWork(billing, 'change-plan', state.accountId, stillOurs)
    return { ...state, outcome: 'expired' }
  }
  return { ...state, planVersionId, outcome: status === 'active' ? 'ready' : 'pending' }
}
