import type { GatewayResponse, GetGatewayResponseRequest } from '@aws-sdk/client-api-gateway'
import { isGatewayResponseType } from '../data-plane/response-types.ts'
import { badRequest } from '../errors.ts'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findApi } from './find.ts'
import { gatewayResponseView } from './gateway-response-view.ts'

export const getGatewayResponse: ControlOperation<GetGatewayResponseRequest, Wire<GatewayResponse>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/gatewayresponses/{response_type}',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    responseType: { wire: 'response_type', type: 'string', required: true },
  },
  run(gateway, input) {
    const type = input.responseType ?? ''
    if (!isGatewayResponseType(type)) throw badRequest(`Invalid response type specified: ${type}`)
    return gatewayResponseView(findApi(gateway, input.restApiId), type)
  },
}
