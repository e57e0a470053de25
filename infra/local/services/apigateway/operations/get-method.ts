import type { GetMethodRequest, Method } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findApi, findMethod } from './find.ts'
import { methodView } from './method-view.ts'

export const getMethod: ControlOperation<GetMethodRequest, Wire<Method>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    resourceId: { wire: 'resource_id', type: 'string', required: true },
    httpMethod: { wire: 'http_method', type: 'string', required: true },
  },
  run: (gateway, input) =>
    methodView(findMethod(findApi(gateway, input.restApiId), input.resourceId, input.httpMethod)),
}
