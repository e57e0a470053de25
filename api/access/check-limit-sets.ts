import type { accessContract } from '#api/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { refuseUnlessBilling } from './check-actor.ts'
import type { Gateway } from './gateway.ts'
import { usagePlanNameOf } from './limit-sets.ts'

/** What API Gateway has of limit sets, for billing's drift check. Usage plans are never updated: a difference stays. */
export function checkLimitSets(ports: {
  readonly gateway: Gateway
}): Handlers<typeof accessContract>['checkLimitSets'] {
  return async ({ limitSetIds }, { actor }) => {
    const refusal = refuseUnlessBilling(actor)
    if (refusal) return refusal
    const plans = await ports.gateway.describeUsagePlans()
    const limitSets = limitSetIds.map(limitSetId => {
      const found = plans.filter(({ name }) => name === usagePlanNameOf(limitSetId))
      const plan = found.find(({ hasStage }) => hasStage) ?? found[0]
      if (!plan) return { limitSetId, usagePlan: null }
      const { ratePerSecond, burst, hasStage } = plan
      return { limitSetId, usagePlan: { ratePerSecond, burst, hasStage } }
    })
    return ok({ limitSets })
  }
}
