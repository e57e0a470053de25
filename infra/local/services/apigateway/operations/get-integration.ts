import type { GetIntegrationRequest, Integration } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findApi, findMethod } from './find.ts'
import { integrationView } from './method-view.ts'

export const getIntegration: ControlOperation<GetIntegrationRequest, Wire<Integration>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    resourceId: { wire: 'resource_id', type: 'string', required: true },
    httpMethod: { wire: 'http_method', type: 'string', required: true },
  },
  run: (gateway, input) =>
    integrationView(findMethod(findApi(gateway, input.restApiId), input.resourceId, input.httpMethod)),
}
