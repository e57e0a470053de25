import type { FlushStageAuthorizersCacheRequest } from '@aws-sdk/client-api-gateway'
import { cacheScope } from '../data-plane/authorize.ts'
import type { ControlOperation } from '../gateway.ts'
import { findApi, findStage } from './find.ts'

export const flushStageAuthorizersCache: ControlOperation<FlushStageAuthorizersCacheRequest, void> = {
  method: 'DELETE',
  path: '/restapis/{restapi_id}/stages/{stage_name}/cache/authorizers',
  status: 202,
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    stageName: { wire: 'stage_name', type: 'string', required: true },
  },
  run(gateway, input) {
    const { authorizerCache } = gateway.state
    const stage = findStage(gateway, input.restApiId, input.stageName)
    const scope = cacheScope(findApi(gateway, input.restApiId), stage)
    for (const key of [...authorizerCache.keys()]) if (key.startsWith(scope)) authorizerCache.delete(key)
    gateway.cloud.clock.wrote()
  },
}
