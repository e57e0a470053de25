import type { GatewayResponse as SdkGatewayResponse } from '@aws-sdk/client-api-gateway'
import { DEFAULT_TEMPLATE } from '../data-plane/gateway-response.ts'
import { GATEWAY_RESPONSE_TYPES, type GatewayResponseType } from '../data-plane/response-types.ts'
import { present, type Wire } from '../gateway.ts'
import type { RestApi } from '../state.ts'

/** A type that the API does not configure shows what the API's default of its class says, or API Gateway's own. */
export function gatewayResponseView(api: RestApi, type: GatewayResponseType): Wire<SdkGatewayResponse> {
  const own = api.gatewayResponses.get(type)
  const { status } = GATEWAY_RESPONSE_TYPES[type]
  const fallback = api.gatewayResponses.get((status ?? 500) >= 500 ? 'DEFAULT_5XX' : 'DEFAULT_4XX')
  const configured = own ?? (status === undefined ? undefined : fallback)
  const statusCode = configured?.statusCode ?? status
  return present({
    responseType: type,
    statusCode: statusCode === undefined ? undefined : String(statusCode),
    responseParameters: { ...configured?.parameters },
    responseTemplates: configured?.body
      ? { ...configured.templates }
      : { 'application/json': DEFAULT_TEMPLATE },
    defaultResponse: own === undefined,
  })
}
