import { appendAudit } from '#kernel/audit'
import { derivedId } from '#kernel/ids'
import { publishPending, withEvents } from '#kernel/outbox'
import { isNew } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { serviceCall } from '../../procedures/service-call.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { endWork } from '../work-item.ts'
import { type ChangePorts, type ChangeState, changeHolder, workOf } from './state.ts'

/** Records the change once, with its event, and frees the account for the next one. */
export async function announceChange(
  ports: ChangePorts,
  state: ChangeState,
  now: Instant,
): Promise<ChangeState> {
  const { accountId, subscriptionId, planVersionId, changeId = subscriptionId } = state
  const plan = planVersionId && (await ports.plans.getVersion(planVersionId))
  if (!plan) throw new WorkflowStateInvalid('announce needs a published planVersionId')
  const key = { pk: `account#${accountId}`, sk: `change#${changeId}` }
  const data = { accountId, planVersionId, planName: plan.name, changedAt: now }
  const event = { id: derivedId('evt', 'plan.changed', changeId), type: 'plan.changed', at: now, data }
  if (!(await ports.billing.get(key))) {
    // Rather one audit line twice than none: it goes first.
    await appendAudit(ports.billing, serviceCall(now, changeHolder(state)), {
      accountId,
      action: 'plan.changed',
      after: { planVersionId, subscriptionId: state.what === 'ended' ? null : subscriptionId },
    })
    const record = { ...key, subscriptionId, planVersionId, changedAt: now, ...withEvents(now, [event]) }
    await ports.billing.put(record, isNew)
  }
  await publishPending(ports.billing, ports.publish, key)
  const stillOurs = [{ path: 'subscriptionId', equals: subscriptionId }]
  await endWork(ports.billing, 'change-plan', workOf(state), stillOurs)
  return { ...state, outcome: 'done' }
}
