import type { Gateway } from '../gateway.ts'
import type { RestApi, Stage } from '../state.ts'
import { type Exchange, type GatewayRequest, headerValue } from './exchange.ts'
import { newExtendedRequestId, newTraceId, requestIdOf } from './request-ids.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Gives a request its ids and the `$context` variables that are known on arrival. */
export function newExchange(gateway: Gateway, api: RestApi, stage: Stage, request: GatewayRequest): Exchange {
  const { cloud } = gateway
  const deployment = api.deployments.get(stage.deploymentId)
  if (deployment === undefined) throw new Error(`Stage ${stage.name} points to no deployment`)
  const arrivedAt = cloud.clock.now()
  const requestId = requestIdOf(request)
  const extendedRequestId = newExtendedRequestId()
  const traceId = newTraceId(arrivedAt)
  const known: Record<string, string | undefined> = {
    accountId: cloud.accountId,
    apiId: api.id,
    deploymentId: deployment.id,
    domainName: `${api.id}.execute-api.${cloud.region}.amazonaws.com`,
    domainPrefix: api.id,
    endpointType: api.endpointTypes[0],
    extendedRequestId,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': headerValue(request, 'user-agent'),
    path: `/${stage.name}${request.path}`,
    protocol: request.protocol,
    requestId,
    requestTime: commonLogTime(arrivedAt),
    requestTimeEpoch: String(arrivedAt),
    stage: stage.name,
    xrayTraceId: traceId,
  }
  const context = new Map(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return { api, stage, deployment, request, arrivedAt, requestId, extendedRequestId, traceId, context }
}

/** `22/Nov/2026:15:03:33 +0000`. */
function commonLogTime(time: number): string {
  const iso = new Date(time).toISOString()
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}
