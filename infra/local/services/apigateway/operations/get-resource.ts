import type { GetResourceRequest, Resource } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findApi, findResource } from './find.ts'
import { embedsMethods, resourceView } from './resource-view.ts'

export const getResource: ControlOperation<GetResourceRequest, Wire<Resource>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/resources/{resource_id}',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    resourceId: { wire: 'resource_id', type: 'string', required: true },
    embed: { type: 'texts' },
  },
  run(gateway, input) {
    const api = findApi(gateway, input.restApiId)
    return resourceView(api, findResource(api, input.resourceId), embedsMethods(input.embed))
  },
}
