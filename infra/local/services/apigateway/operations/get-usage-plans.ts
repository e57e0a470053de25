import type { GetUsagePlansRequest, UsagePlan as SdkUsagePlan } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { findKey } from './find.ts'
import { usagePlanView } from './usage-plan-view.ts'

export const getUsagePlans: ControlOperation<GetUsagePlansRequest, WireList<SdkUsagePlan>> = {
  method: 'GET',
  path: '/usageplans',
  parameters: { position: { type: 'string' }, keyId: { type: 'string' }, limit: { type: 'number' } },
  run(gateway, input) {
    const keyId = input.keyId === undefined ? undefined : findKey(gateway, input.keyId).id
    const matching = [...gateway.state.plans.values()].filter(
      plan => keyId === undefined || gateway.state.planKeys.get(plan.id)?.has(keyId),
    )
    const page = paginate(matching, input)
    return present({ position: page.position, item: page.items.map(plan => usagePlanView(plan)) })
  },
}
