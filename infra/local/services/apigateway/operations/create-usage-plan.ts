import type { CreateUsagePlanRequest, UsagePlan as SdkUsagePlan } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import { randomId } from '../../../http-front/ids.ts'
import { badRequest, limitExceeded } from '../errors.ts'
import { type ControlOperation, present, type Wire } from '../gateway.ts'
import { readTags } from './tags.ts'
import { readApiStages, readThrottle } from './usage-plan-settings.ts'
import { storePlan, usagePlanView } from './usage-plan-view.ts'

/** Usage plans per account and Region, before an increase is asked for. */
const MAX_PLANS = 300

export const createUsagePlan: ControlOperation<CreateUsagePlanRequest, Wire<SdkUsagePlan>> = {
  method: 'POST',
  path: '/usageplans',
  status: 201,
  parameters: {
    name: { type: 'string', required: true },
    description: { type: 'string' },
    apiStages: { type: 'list' },
    throttle: { type: 'object' },
    quota: { type: 'object' },
    tags: { type: 'object' },
  },
  run(gateway, input) {
    if (input.quota !== undefined) throw new UnsupportedError('usage plan quotas')
    if (input.name === '') throw badRequest('Usage Plan name cannot be empty')
    const apiStages = readApiStages(gateway, input.apiStages)
    const throttle = readThrottle(input.throttle)
    if (gateway.state.plans.size >= MAX_PLANS) throw limitExceeded('Maximum number of usage plans reached')
    const optional = present({ description: input.description, throttle })
    const plan = {
      id: randomId(6),
      name: input.name ?? '',
      apiStages,
      ...optional,
      tags: readTags(input.tags),
    }
    storePlan(gateway, plan)
    gateway.state.planKeys.set(plan.id, new Set())
    return usagePlanView(plan)
  },
}
