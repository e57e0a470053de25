import type { GetUsagePlanKeyRequest, UsagePlanKey } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findPlanKey } from './find.ts'
import { usagePlanKeyView } from './usage-plan-key-view.ts'

export const getUsagePlanKey: ControlOperation<GetUsagePlanKeyRequest, Wire<UsagePlanKey>> = {
  method: 'GET',
  path: '/usageplans/{usageplanId}/keys/{keyId}',
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    keyId: { type: 'string', required: true },
  },
  run: (gateway, input) => usagePlanKeyView(findPlanKey(gateway, input.usagePlanId, input.keyId)),
}
