import type { DeleteUsagePlanKeyRequest } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Gateway } from '../gateway.ts'
import { publishPlansOf } from './create-usage-plan-key.ts'
import { findPlanKey } from './find.ts'

export const deleteUsagePlanKey: ControlOperation<DeleteUsagePlanKeyRequest, void> = {
  method: 'DELETE',
  path: '/usageplans/{usageplanId}/keys/{keyId}',
  status: 202,
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    keyId: { type: 'string', required: true },
  },
  run(gateway, input) {
    const key = findPlanKey(gateway, input.usagePlanId, input.keyId)
    detachKey(gateway, input.usagePlanId ?? '', key.id)
  },
}

export function detachKey(gateway: Gateway, planId: string, keyId: string): void {
  gateway.state.planKeys.get(planId)?.delete(keyId)
  publishPlansOf(gateway, keyId)
}
