import type { PlanVersion } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { publishPending, withEvents } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import { removeDraft } from '../../plans/drafts.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import type { PublishPorts, PublishState } from './state.ts'

/** Stores the immutable version with its event, puts it on sale, and removes the draft that it was made from. */
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
  if (state.draftRevision !== undefined) await removeDraft(billing, definition.id, state.draftRevision)
  return { ...state, outcome: 'published' }
}
