import type { GatewayResponse, GetGatewayResponsesRequest } from '@aws-sdk/client-api-gateway'
import { GATEWAY_RESPONSE_TYPES, type GatewayResponseType } from '../data-plane/response-types.ts'
import type { ControlOperation, WireList } from '../gateway.ts'
import { findApi } from './find.ts'
import { gatewayResponseView } from './gateway-response-view.ts'

/** Every type in one answer: API Gateway takes position and limit and does not page. */
export const getGatewayResponses: ControlOperation<GetGatewayResponsesRequest, WireList<GatewayResponse>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/gatewayresponses',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    position: { type: 'string' },
    limit: { type: 'number' },
  },
  run(gateway, input) {
    const api = findApi(gateway, input.restApiId)
    const types = Object.keys(GATEWAY_RESPONSE_TYPES) as GatewayResponseType[]
    return { item: types.map(type => gatewayResponseView(api, type)) }
  },
}
