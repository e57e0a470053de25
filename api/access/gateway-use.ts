import type { accessContract } from '#api/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { refuseUnlessBilling } from './check-actor.ts'
import type { Gateway } from './gateway.ts'
import type { LimitSets } from './limit-sets.ts'

/** What API Gateway counted on a day, for each usage plan of ours. A handful of calls: a page holds 500 keys. */
export function gatewayUse(ports: {
  readonly limitSets: LimitSets
  readonly gateway: Gateway
}): Handlers<typeof accessContract>['gatewayUse'] {
  return async ({ day }, call) => {
    const refusal = refuseUnlessBilling(call.actor)
    if (refusal) return refusal
    const { ready } = await ports.limitSets.list(call.now)
    const plans = []
    for (const { limitSetId, usagePlanId } of ready) {
      const byKey = await ports.gateway.countCalls(usagePlanId, day)
      const calls = [...byKey.values()].reduce((sum, count) => sum + count, 0)
      plans.push({ limitSetId, gatewayKeys: byKey.size, calls })
    }
    return ok({ plans })
  }
}
