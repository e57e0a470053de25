import { newExtendedRequestId } from '../../../http-front/ids.ts'
import { commonLogTime } from '../../../http-front/log-time.ts'
import { type FrontRequest, headerValue } from '../../../http-front/message.ts'
import type { Gateway } from '../gateway.ts'
import type { RestApi, Stage } from '../state.ts'
import type { Exchange } from './exchange.ts'
import { newTraceId, requestIdOf } from './request-ids.ts'

/** Gives a request its ids and the `$context` variables that are known on arrival. */
export function newExchange(gateway: Gateway, api: RestApi, stage: Stage, request: FrontRequest): Exchange {
  const { cloud } = gateway
  const deployment = api.deployments.get(stage.deploymentId)
  if (deployment === undefined) throw new Error(`Stage ${stage.name} points to no deployment`)
  const arrivedAt = cloud.clock.now()
  const requestId = requestIdOf(request)
  const extendedRequestId = newExtendedRequestId()
  const traceId = newTraceId(arrivedAt)
  const context = new Map([
    ['accountId', cloud.accountId],
    ['apiId', api.id],
    ['deploymentId', deployment.id],
    ['domainName', `${api.id}.execute-api.${cloud.region}.amazonaws.com`],
    ['domainPrefix', api.id],
    ['endpointType', api.endpointTypes[0] ?? ''],
    ['extendedRequestId', extendedRequestId],
    ['httpMethod', request.method],
    ['identity.sourceIp', request.sourceIp],
    ['path', `/${stage.name}${request.path}`],
    ['protocol', request.protocol],
    ['requestId', requestId],
    ['requestTime', commonLogTime(arrivedAt)],
    ['requestTimeEpoch', String(arrivedAt)],
    ['stage', stage.name],
    ['xrayTraceId', traceId],
  ])
  const userAgent = headerValue(request, 'user-agent')
  if (userAgent !== undefined) context.set('identity.userAgent', userAgent)
  return { api, stage, deployment, request, arrivedAt, requestId, extendedRequestId, traceId, context }
}
