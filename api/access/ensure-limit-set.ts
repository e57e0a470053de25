import { type accessContract, limitSetIdOf } from '#api/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { AccessPorts } from './change-access.ts'
import { refuseUnlessBilling } from './check-actor.ts'

/**
 * Makes a limit set's usage plan and pooled key once, and a first warm key. API Gateway makes only five keys a second,
 * so the job fills the pool up. Repeatable.
 */
export function ensureLimitSet(
  ports: Pick<AccessPorts, 'limitSets' | 'warmPool'>,
): Handlers<typeof accessContract>['ensureLimitSet'] {
  return async ({ limits }, { actor, now }) => {
    const refusal = refuseUnlessBilling(actor)
    if (refusal) return refusal
    const limitSet = await ports.limitSets.ensure(limits, now)
    const warmKeys = await ports.warmPool.refill(limitSet, now, { target: 1 })
    return ok({ limitSetId: limitSetIdOf(limits), usagePlanId: limitSet.usagePlanId, warmKeys })
  }
}
