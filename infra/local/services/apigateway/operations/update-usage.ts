import type { UpdateUsageRequest, Usage } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import type { ControlOperation } from '../gateway.ts'
import { findPlanKey } from './find.ts'
import { readPatches } from './patch.ts'

/** It extends what is left of a quota, and plans have none here. */
export const updateUsage: ControlOperation<UpdateUsageRequest, Usage> = {
  method: 'PATCH',
  path: '/usageplans/{usageplanId}/keys/{keyId}/usage',
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    keyId: { type: 'string', required: true },
    patchOperations: { type: 'list' },
  },
  run(gateway, input) {
    findPlanKey(gateway, input.usagePlanId, input.keyId)
    readPatches(input.patchOperations)
    throw new UnsupportedError('usage plan quotas')
  },
}
