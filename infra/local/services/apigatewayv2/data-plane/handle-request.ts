import { randomBytes } from 'node:crypto'
import { type Identity, type InvokeResult, type LocalCloud, ServiceError } from '../../../contract.ts'
import type { HttpApi, Integration, Stage } from '../state.ts'
import { commonLogTime } from './access-log.ts'
import { type Exchange, type HttpReply, type HttpRequest, messageReply } from './exchange.ts'
import { functionReply, internalError } from './function-reply.ts'
import { matchRoute, type RouteMatch } from './match-route.ts'
import { requestEvent } from './request-event.ts'
import { takeToken } from './throttle.ts'

export type Handled = { readonly reply: HttpReply; readonly exchange: Exchange }

/** Serves one request: route, size, throttle, function. */
export async function handleRequest(
  cloud: LocalCloud,
  api: HttpApi,
  stage: Stage,
  request: HttpRequest,
): Promise<Handled> {
  const exchange = newExchange(cloud, api, stage, request)
  const reply = await serve(cloud, api, stage, exchange)
  const headers = [...reply.headers, ['apigw-requestid', exchange.requestId] as const]
  return { reply: { ...reply, headers }, exchange }
}

function newExchange(cloud: LocalCloud, api: HttpApi, stage: Stage, request: HttpRequest): Exchange {
  const arrivedAt = cloud.clock.now()
  const requestId = randomBytes(11).toString('base64')
  const domainName = `${api.id}.execute-api.${cloud.region}.amazonaws.com`
  const userAgent = request.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1]
  const context = new Map([
    ['accountId', cloud.accountId],
    ['apiId', api.id],
    ['domainName', domainName],
    ['domainPrefix', api.id],
    ['httpMethod', request.method],
    ['identity.sourceIp', request.sourceIp],
    ['identity.userAgent', userAgent ?? '-'],
    ['path', request.path],
    ['protocol', request.protocol],
    ['requestId', requestId],
    ['extendedRequestId', requestId],
    ['requestTime', commonLogTime(arrivedAt)],
    ['requestTimeEpoch', String(arrivedAt)],
    ['stage', stage.name],
  ])
  return { request, requestId, arrivedAt, domainName, context }
}

async function serve(cloud: LocalCloud, api: HttpApi, stage: Stage, exchange: Exchange): Promise<HttpReply> {
  const { request, context } = exchange
  const match = matchRoute(api, request.method, request.path)
  if (match === undefined) return refuse(exchange, 404, 'Not Found')
  context.set('routeKey', match.route.routeKey)
  if (request.body === undefined) return refuse(exchange, 413, 'Request Entity Too Large')
  if (!takeToken(stage, cloud.clock.now())) return refuse(exchange, 429, 'Too Many Requests')
  const integration = api.integrations.get(match.route.integrationId)
  if (integration === undefined) return refuse(exchange, 500, 'Internal Server Error')
  return integrate(cloud, api, stage, exchange, match, integration)
}

function refuse(exchange: Exchange, status: number, message: string): HttpReply {
  exchange.context.set('error.message', message)
  exchange.context.set('error.messageString', JSON.stringify(message))
  return messageReply(status, message)
}

async function integrate(
  cloud: LocalCloud,
  api: HttpApi,
  stage: Stage,
  exchange: Exchange,
  match: RouteMatch,
  integration: Integration,
): Promise<HttpReply> {
  const payload = JSON.stringify(requestEvent(cloud, api, stage, exchange, match))
  const [method = '', path = ''] = match.route.routeKey.split(' ')
  const route = match.route.routeKey === '$default' ? '$default' : `${method === 'ANY' ? '*' : method}${path}`
  const sourceArn = `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${api.id}/${stage.name}/${route}`
  const identity: Identity = integration.credentials
    ? { kind: 'role', roleArn: integration.credentials, sessionName: 'BackplaneAssumeRoleSession' }
    : { kind: 'service', principal: 'apigateway.amazonaws.com', sourceArn }
  const startedAt = cloud.clock.now()
  try {
    const result = await withTimeout(
      cloud.invoke(integration.functionArn, payload, identity),
      integration.timeoutMs,
    )
    if (result === undefined) return refuse(exchange, 503, 'Service Unavailable')
    const failed = result.functionError !== undefined
    const reply = failed ? internalError() : functionReply(result.payload)
    setIntegration(
      exchange,
      cloud.clock.now() - startedAt,
      String(failed ? 200 : reply.status),
      result.requestId,
    )
    return reply
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    cloud.journal({
      source: 'apigatewayv2',
      summary: `integration failed: ${error.code}`,
      detail: error.message,
    })
    exchange.context.set('integrationErrorMessage', error.message)
    const tooMany = error.status === 429 || error.status >= 500
    return tooMany
      ? refuse(exchange, 503, 'Service Unavailable')
      : refuse(exchange, 500, 'Internal Server Error')
  }
}

function setIntegration(exchange: Exchange, latencyMs: number, status: string, requestId: string): void {
  exchange.context.set('integration.latency', String(latencyMs))
  exchange.context.set('integrationLatency', String(latencyMs))
  exchange.context.set('integration.status', status)
  exchange.context.set('integrationStatus', status)
  exchange.context.set('integration.integrationStatus', '200')
  exchange.context.set('integration.requestId', requestId)
}

/** The gateway stops waiting in real time, as functions work in real time; the function runs on. */
async function withTimeout(
  work: Promise<InvokeResult>,
  timeoutMs: number,
): Promise<InvokeResult | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), timeoutMs)
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
