import { type FrontReply, type FrontRequest, headerValue } from '../../../http-front/message.ts'
import type { Gateway } from '../gateway.ts'
import type { AuthorizerAnswer, RestApi, Stage } from '../state.ts'
import { writeAccessLog } from './access-log.ts'
import { admit, identifyCaller } from './admit.ts'
import { authorize } from './authorize.ts'
import { type Exchange, Refusal } from './exchange.ts'
import { gatewayResponse } from './gateway-response.ts'
import { integrate } from './integrate.ts'
import { newExchange } from './new-exchange.ts'

/**
 * Serves one request in the order of API Gateway: route, size, authorizer, key, throttle, integration. The log line is
 * written when the caller has the reply.
 */
export async function handleRequest(
  gateway: Gateway,
  api: RestApi,
  stage: Stage,
  request: FrontRequest,
): Promise<{ reply: FrontReply; sent(): void }> {
  const exchange = newExchange(gateway, api, stage, request)
  const reply = await serve(gateway, exchange)
  const headers = [
    ...reply.headers,
    ['x-amzn-RequestId', exchange.requestId] as const,
    ['x-amz-apigw-id', exchange.extendedRequestId] as const,
    ['X-Amzn-Trace-Id', exchange.traceId] as const,
  ]
  return { reply: { ...reply, headers }, sent: () => writeAccessLog(gateway, exchange, reply) }
}

async function serve(gateway: Gateway, exchange: Exchange): Promise<FrontReply> {
  try {
    return await pass(gateway, exchange)
  } catch (error) {
    if (error instanceof Refusal) return gatewayResponse(exchange, error)
    gateway.cloud.journal({ source: 'apigateway', summary: 'request failed', detail: String(error) })
    return gatewayResponse(exchange, new Refusal('DEFAULT_5XX'))
  }
}

async function pass(gateway: Gateway, exchange: Exchange): Promise<FrontReply> {
  const { request, context } = exchange
  const match = exchange.deployment.router(request.method, request.path)
  if (match === undefined) throw new Refusal('MISSING_AUTHENTICATION_TOKEN')
  exchange.match = match
  context.set('resourceId', match.resource.id)
  context.set('resourcePath', match.resource.path)
  if (request.body === undefined) throw new Refusal('REQUEST_TOO_LARGE')
  const { method } = match
  const authorized =
    method.authorizationType === 'CUSTOM' ? await authorize(gateway, exchange, match) : undefined
  const caller = method.apiKeyRequired
    ? identifyCaller(gateway, exchange, keyOf(exchange, authorized))
    : undefined
  admit(gateway, exchange, match, caller)
  return integrate(gateway, exchange, match, authorized, caller)
}

const keyOf = ({ api, request }: Exchange, authorized: AuthorizerAnswer | undefined): string | undefined =>
  api.apiKeySource === 'AUTHORIZER' ? authorized?.usageIdentifierKey : headerValue(request, 'x-api-key')
