import type { GetUsagePlanKeysRequest, UsagePlanKey } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { findPlan } from './find.ts'
import { usagePlanKeyView } from './usage-plan-key-view.ts'

export const getUsagePlanKeys: ControlOperation<GetUsagePlanKeysRequest, WireList<UsagePlanKey>> = {
  method: 'GET',
  path: '/usageplans/{usageplanId}/keys',
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    position: { type: 'string' },
    limit: { type: 'number' },
    nameQuery: { wire: 'name', type: 'string' },
  },
  run(gateway, input) {
    const keyIds = gateway.state.planKeys.get(findPlan(gateway, input.usagePlanId).id) ?? []
    const keys = [...keyIds].flatMap(id => gateway.state.keys.get(id) ?? [])
    const { nameQuery } = input
    const matching = keys.filter(key => nameQuery === undefined || (key.name ?? '').startsWith(nameQuery))
    const page = paginate(matching, input)
    return present({ position: page.position, item: page.items.map(usagePlanKeyView) })
  },
}
