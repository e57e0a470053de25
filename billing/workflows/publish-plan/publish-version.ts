import type { PlanVersion } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { publishPending, withEvents } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import { WorkflowStateInvalid } from '../errors.ts'
import type { PublishPorts, PublishState } from './state.ts'

/** Stores the immutable version with its event, then puts it on sale. */
export async function publishVersion(
  { billing, plans, publish }: PublishPorts,
  state: PublishState,
  now: Instant,
): Promise<PublishState> {
  const { definition, planVersionId, version, currency, unit, stripe } = state
  if (stripe === undefined) throw new WorkflowStateInvalid('catalogue needs the prices')
  const planVersion: PlanVersion = {
    ...definition,
    ...{ planVersionId, version, currency, unit, stripe, publishedAt: now },
  }
  const data = { planVersionId, publishedAt: now }
  const event = {
    id: derivedId('evt', 'plan.published', planVersionId),
    type: 'plan.published',
    at: now,
    data,
  }
  await plans.addVersion(planVersion, withEvents(now, [event]))
  await plans.makeLive(planVersion)
  await publishPending(billing, publish, { pk: 'plans', sk: planVersionId })
  return { ...state, outcome: 'published' }
}
