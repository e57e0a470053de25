import type { GetRestApiRequest, RestApi } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findApi } from './find.ts'
import { restApiView } from './rest-api-view.ts'

export const getRestApi: ControlOperation<GetRestApiRequest, Wire<RestApi>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}',
  parameters: { restApiId: { wire: 'restapi_id', type: 'string', required: true } },
  run: (gateway, input) => restApiView(findApi(gateway, input.restApiId)),
}
