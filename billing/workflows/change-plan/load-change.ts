import { isNamedBy } from '../../changes/decide-follow.ts'
import { endWork, readPlanChange } from '../work-item.ts'
import { type ChangePorts, type ChangeState, workOf } from './state.ts'

/**
 * Refetches the subscription and says what is left to do: `ready` (switch it on), `replaces` (it takes the place of
 * another one, which is ended first), `renewed`, `ended`, `unwanted`, `pending` while its first payment is open, and
 * `expired` when nothing is left: then the account is free for another change.
 */
export async function loadChange(ports: ChangePorts, state: ChangeState): Promise<ChangeState> {
  const subscription = await ports.stripe.getSubscription(state.subscriptionId)
  const account = await ports.accounts.getAccount(state.accountId)
  const { accountId, planVersionId, status, endedAt } = subscription
  const isOurs = account !== undefined && accountId === state.accountId && planVersionId !== null
  const isCurrent = account?.subscriptionId === subscription.id
  // An attempt before this one may have failed after the account had left it.
  const hasLeft = state.attempt > 1 && account?.subscriptionId === null
  if (isOurs && state.what === 'ended' && (isCurrent || hasLeft) && endedAt !== null)
    return { ...state, outcome: 'ended' }
  if (isOurs && state.what === 'renewed' && isCurrent && endedAt === null)
    return { ...state, outcome: 'renewed' }
  if (isOurs && state.what === 'unwanted' && !isCurrent && endedAt === null) {
    const open = await readPlanChange(ports.billing, state.accountId)
    if (!isNamedBy(open, subscription)) return { ...state, outcome: 'unwanted' }
  }
  if (!isOurs || state.what !== 'switch_on' || OVER.has(status)) return giveUp(ports, state)
  if (status === 'incomplete') return { ...state, planVersionId, outcome: 'pending' }
  const old = account.subscriptionId
  if (old === null || isCurrent) return { ...state, planVersionId, outcome: 'ready' }
  return { ...state, planVersionId, oldSubscriptionId: old, outcome: 'replaces' }
}

const OVER: ReadonlySet<string> = new Set(['canceled', 'incomplete_expired'])

async function giveUp({ billing }: ChangePorts, state: ChangeState): Promise<ChangeState> {
  const stillOurs = [{ path: 'subscriptionId', equals: state.subscriptionId }]
  await endWork(billing, 'change-plan', workOf(state), stillOurs)
  return { ...state, outcome: 'expired' }
}
