import type { UsagePlan as SdkUsagePlan } from '@aws-sdk/client-api-gateway'
import { type Gateway, present, visibleAt, type Wire } from '../gateway.ts'
import type { UsagePlan } from '../state.ts'
import { publish } from '../versions.ts'
import { shownTags } from './tags.ts'

export const usagePlanView = (
  plan: UsagePlan,
  show: { readonly emptyTags?: boolean } = {},
): Wire<SdkUsagePlan> =>
  present({
    id: plan.id,
    name: plan.name,
    description: plan.description,
    apiStages: plan.apiStages.map(({ apiId, stage }) => ({ apiId, stage })),
    throttle: plan.throttle && { ...plan.throttle },
    tags: shownTags(plan.tags, show.emptyTags),
  })

/** Stores a plan and lets the data plane see it after the propagation time. */
export function storePlan(gateway: Gateway, plan: UsagePlan): void {
  gateway.state.plans.set(plan.id, plan)
  const seen = present({ apiStages: plan.apiStages, throttle: plan.throttle })
  publish(gateway.state.dataPlane.plans, plan.id, seen, visibleAt(gateway))
  gateway.cloud.clock.wrote()
}
