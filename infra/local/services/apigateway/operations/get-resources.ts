import type { GetResourcesRequest, Resource } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { findApi } from './find.ts'
import { embedsMethods, resourceView } from './resource-view.ts'

export const getResources: ControlOperation<GetResourcesRequest, WireList<Resource>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/resources',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    position: { type: 'string' },
    limit: { type: 'number' },
    embed: { type: 'texts' },
  },
  run(gateway, input) {
    const api = findApi(gateway, input.restApiId)
    const withMethods = embedsMethods(input.embed)
    const page = paginate(api.resources.values(), input)
    const item = page.items.map(resource => resourceView(api, resource, withMethods))
    return present({ position: page.position, item })
  },
}
