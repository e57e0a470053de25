import type { GetUsagePlanRequest, UsagePlan as SdkUsagePlan } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findPlan } from './find.ts'
import { usagePlanView } from './usage-plan-view.ts'

export const getUsagePlan: ControlOperation<GetUsagePlanRequest, Wire<SdkUsagePlan>> = {
  method: 'GET',
  path: '/usageplans/{usageplanId}',
  parameters: { usagePlanId: { wire: 'usageplanId', type: 'string', required: true } },
  run: (gateway, input) => usagePlanView(findPlan(gateway, input.usagePlanId), { emptyTags: true }),
}
