import type { DeleteApiKeyRequest } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, visibleAt } from '../gateway.ts'
import { publish } from '../versions.ts'
import { findKey } from './find.ts'

export const deleteApiKey: ControlOperation<DeleteApiKeyRequest, void> = {
  method: 'DELETE',
  path: '/apikeys/{api_Key}',
  status: 202,
  parameters: { apiKey: { wire: 'api_Key', type: 'string', required: true } },
  run(gateway, input) {
    const key = findKey(gateway, input.apiKey)
    gateway.state.keys.delete(key.id)
    for (const keyIds of gateway.state.planKeys.values()) keyIds.delete(key.id)
    publish(gateway.state.dataPlane.keys, key.value, undefined, visibleAt(gateway))
    publish(gateway.state.dataPlane.keyPlans, key.id, undefined, visibleAt(gateway))
    gateway.cloud.clock.wrote()
  },
}
