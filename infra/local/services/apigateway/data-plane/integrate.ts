import type { ServiceError } from '../../../contract.ts'
import { callFunction } from '../../../http-front/call-function.ts'
import type { FrontReply } from '../../../http-front/message.ts'
import type { Gateway } from '../gateway.ts'
import type { AuthorizerAnswer } from '../state.ts'
import type { Caller } from './admit.ts'
import { type Exchange, Refusal } from './exchange.ts'
import type { RouteMatch } from './match-route.ts'
import { proxyEvent } from './proxy-event.ts'
import { proxyReply } from './proxy-reply.ts'

/** Calls the function behind the method. Throws a `Refusal` when it cannot, fails, or answers nonsense. */
export async function integrate(
  gateway: Gateway,
  exchange: Exchange,
  match: RouteMatch,
  authorized: AuthorizerAnswer | undefined,
  caller: Caller | undefined,
): Promise<FrontReply> {
  const { context } = exchange
  const { functionArn, credentials, timeoutMs } = match.method.integration
  const answer = await callFunction(gateway.cloud, {
    functionArn,
    payload: JSON.stringify(proxyEvent(gateway, exchange, match, authorized, caller)),
    sourceArn: sourceArn(gateway, exchange, match),
    timeoutMs,
    ...(credentials === undefined ? {} : { credentials }),
  })
  context.set('integration.latency', String(answer.latencyMs))
  context.set('integrationLatency', String(answer.latencyMs))
  if (answer.kind === 'timed out') {
    setError(exchange, 'Execution failed due to a timeout error')
    throw new Refusal('INTEGRATION_TIMEOUT')
  }
  if (answer.kind === 'refused') {
    const { error } = answer
    gateway.cloud.journal({
      source: 'apigateway',
      summary: `integration failed: ${error.code}`,
      detail: error.message,
    })
    setStatus(exchange, String(error.status))
    setError(exchange, error.message)
    throw refusalFor(error)
  }
  const { result } = answer
  context.set('integration.requestId', result.requestId)
  context.set('awsEndpointRequestId', result.requestId)
  setStatus(exchange, '200')
  if (result.functionError !== undefined) {
    setError(exchange, 'The Lambda function returned an error')
    throw new Refusal('DEFAULT_5XX', { status: 502 })
  }
  const reply = proxyReply(exchange, result.payload)
  // integration.status is the function's own answer, integration.integrationStatus that of the Lambda service.
  context.set('integration.status', String(reply.status))
  return reply
}

function setStatus({ context }: Exchange, status: string): void {
  context.set('integration.integrationStatus', status)
  context.set('integrationStatus', status)
}

function setError({ context }: Exchange, message: string): void {
  context.set('integration.error', message)
  context.set('integrationErrorMessage', message)
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<resource path>`. */
function sourceArn({ cloud }: Gateway, { api, stage, request }: Exchange, match: RouteMatch): string {
  const method = match.method.httpMethod === 'ANY' ? request.method : match.method.httpMethod
  return `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${api.id}/${stage.name}/${method}${match.resource.path}`
}

/** A request too large for Lambda is the caller's; a missing permission ours; the rest is Lambda failing. */
function refusalFor(error: ServiceError): Refusal {
  if (error.status === 413) return new Refusal('REQUEST_TOO_LARGE')
  if (error.status === 403 || error.status === 404) return new Refusal('API_CONFIGURATION_ERROR')
  if (error.status === 429) return new Refusal('DEFAULT_5XX', { status: 500 })
  return new Refusal('INTEGRATION_FAILURE')
}
