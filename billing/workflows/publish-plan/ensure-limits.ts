import type { Instant } from '#kernel/time'
import { serviceCall } from '../../procedures/service-call.ts'
import { TransientError } from '../../stripe/failure.ts'
import type { PublishPorts, PublishState } from './state.ts'

/** Lets access make the limit set's usage plan before anybody can be on the plan. */
export async function ensureLimits(
  { access }: PublishPorts,
  state: PublishState,
  now: Instant,
): Promise<PublishState> {
  const call = serviceCall(now, `publish-${state.planVersionId}-${state.attempt}`)
  const reply = await access.ensureLimitSet({ limits: state.definition.limits }, call)
  if (!reply.ok) throw new TransientError(`ensureLimitSet: ${reply.code}: ${reply.message}`)
  return { ...state, limitSetId: reply.value.limitSetId }
}
