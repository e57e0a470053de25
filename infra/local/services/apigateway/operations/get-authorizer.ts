import type { Authorizer, GetAuthorizerRequest } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { authorizerView } from './authorizer-view.ts'
import { findApi, findAuthorizer } from './find.ts'

export const getAuthorizer: ControlOperation<GetAuthorizerRequest, Wire<Authorizer>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/authorizers/{authorizer_id}',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    authorizerId: { wire: 'authorizer_id', type: 'string', required: true },
  },
  run: (gateway, input) =>
    authorizerView(findAuthorizer(findApi(gateway, input.restApiId), input.authorizerId)),
}
