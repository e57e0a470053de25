import { callFunction } from '../../../http-front/call-function.ts'
import { newExtendedRequestId } from '../../../http-front/ids.ts'
import { commonLogTime } from '../../../http-front/log-time.ts'
import { type FrontReply, type FrontRequest, headerValue } from '../../../http-front/message.ts'
import { takeToken } from '../../../http-front/token-bucket.ts'
import type { HttpApis } from '../http-apis.ts'
import type { HttpApi, Integration, Stage } from '../state.ts'
import { writeAccessLog } from './access-log.ts'
import { type Exchange, messageReply } from './exchange.ts'
import { functionReply, internalError } from './function-reply.ts'
import { decodePath, type RouteMatch } from './match-route.ts'
import { requestEvent } from './request-event.ts'

/** Serves one request: route, size, throttle, function. The log line is written when the caller has the reply. */
export async function handleRequest(
  service: HttpApis,
  api: HttpApi,
  stage: Stage,
  request: FrontRequest,
): Promise<{ reply: FrontReply; sent(): void }> {
  const exchange = newExchange(service, api, stage, request)
  const reply = await serve(service, exchange, api.router(request.method, request.path))
  const headers = [...reply.headers, ['apigw-requestid', exchange.requestId] as const]
  return { reply: { ...reply, headers }, sent: () => writeAccessLog(service, exchange, reply) }
}

function newExchange({ cloud }: HttpApis, api: HttpApi, stage: Stage, request: FrontRequest): Exchange {
  const arrivedAt = cloud.clock.now()
  const requestId = newExtendedRequestId()
  const domainName = `${api.id}.execute-api.${cloud.region}.amazonaws.com`
  const path = pathOf(request.path)
  const context = new Map([
    ['accountId', cloud.accountId],
    ['apiId', api.id],
    ['domainName', domainName],
    ['domainPrefix', api.id],
    ['httpMethod', request.method],
    ['identity.sourceIp', request.sourceIp],
    ['identity.userAgent', headerValue(request, 'user-agent') ?? '-'],
    ['path', path],
    ['protocol', request.protocol],
    ['requestId', requestId],
    ['extendedRequestId', requestId],
    ['requestTime', commonLogTime(arrivedAt)],
    ['requestTimeEpoch', String(arrivedAt)],
    ['stage', stage.name],
  ])
  return { api, stage, request, path, requestId, arrivedAt, domainName, context }
}

/** Decoded, and cut at a `?` that the decoding brings out. */
const pathOf = (path: string): string => decodePath(path).split('?', 1)[0] ?? ''

async function serve(
  service: HttpApis,
  exchange: Exchange,
  match: RouteMatch | undefined,
): Promise<FrontReply> {
  const { request, context, api, stage } = exchange
  if (match === undefined) return refuse(exchange, 404, 'Not Found')
  context.set('routeKey', match.route.routeKey)
  if (request.body === undefined) return refuse(exchange, 413, 'Request Entity Too Large')
  if (!admit(service, api, stage)) return refuse(exchange, 429, 'Too Many Requests')
  const integration = api.integrations.get(match.route.integrationId)
  if (integration === undefined) return refuse(exchange, 500, 'Internal Server Error')
  return integrate(service, exchange, match, integration)
}

/** Takes a token of the stage's default route settings, where there are some, and one of the account. */
function admit(
  { cloud, state, accountThrottle }: HttpApis,
  api: HttpApi,
  { name, throttle }: Stage,
): boolean {
  if (throttle === undefined) return accountThrottle()
  const bucketName = `${api.id}/${name}`
  const { allowed, bucket } = takeToken(state.buckets.get(bucketName), throttle, cloud.clock.now())
  state.buckets.set(bucketName, bucket)
  return allowed && accountThrottle()
}

function refuse(exchange: Exchange, status: number, message: string): FrontReply {
  exchange.context.set('error.message', message)
  exchange.context.set('error.messageString', JSON.stringify(message))
  return messageReply(status, message)
}

async function integrate(
  service: HttpApis,
  exchange: Exchange,
  match: RouteMatch,
  integration: Integration,
): Promise<FrontReply> {
  const { context } = exchange
  const answer = await callFunction(service.cloud, {
    functionArn: integration.functionArn,
    payload: JSON.stringify(requestEvent(service.cloud, exchange, match)),
    sourceArn: sourceArn(service, exchange, match.route.routeKey),
    timeoutMs: integration.timeoutMs,
    ...(integration.credentials === undefined ? {} : { credentials: integration.credentials }),
  })
  context.set('integration.latency', String(answer.latencyMs))
  context.set('integrationLatency', String(answer.latencyMs))
  if (answer.kind === 'timed out') return refuse(exchange, 503, 'Service Unavailable')
  if (answer.kind === 'refused') {
    const { code, message, status } = answer.error
    service.cloud.journal({
      source: 'apigatewayv2',
      summary: `integration failed: ${code}`,
      detail: message,
    })
    context.set('integrationErrorMessage', message)
    const tooMany = status === 429 || status >= 500
    return tooMany
      ? refuse(exchange, 503, 'Service Unavailable')
      : refuse(exchange, 500, 'Internal Server Error')
  }
  const { result } = answer
  const failed = result.functionError !== undefined
  const reply = failed ? internalError() : functionReply(result.payload)
  const status = String(failed ? 200 : reply.status)
  context.set('integration.status', status)
  context.set('integrationStatus', status)
  context.set('integration.integrationStatus', '200')
  context.set('integration.requestId', result.requestId)
  return reply
}

/** `arn:aws:execute-api:<region>:<account>:<api>/$default/<method or *><path>`, or `/$default` for that route. */
function sourceArn({ cloud }: HttpApis, { api, stage }: Exchange, routeKey: string): string {
  const [method = '', path = ''] = routeKey.split(' ')
  const route = routeKey === '$default' ? '$default' : `${method === 'ANY' ? '*' : method}${path}`
  return `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${api.id}/${stage.name}/${route}`
}
