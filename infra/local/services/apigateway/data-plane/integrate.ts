import { type Identity, type InvokeResult, ServiceError } from '../../../contract.ts'
import type { Gateway } from '../gateway.ts'
import type { AuthorizerAnswer, Method } from '../state.ts'
import type { Caller } from './admit.ts'
import { type Exchange, type GatewayReply, Refusal } from './exchange.ts'
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
): Promise<GatewayReply> {
  const { clock } = gateway.cloud
  const payload = JSON.stringify(proxyEvent(gateway, exchange, match, authorized, caller))
  const startedAt = clock.now()
  const result = await withTimeout(invoke(gateway, exchange, match, payload), match.method)
  const latency = String(clock.now() - startedAt)
  for (const name of ['integration.latency', 'integrationLatency']) exchange.context.set(name, latency)
  exchange.context.set('integration.requestId', result.requestId)
  exchange.context.set('awsEndpointRequestId', result.requestId)
  setStatus(exchange, '200')
  if (result.functionError !== undefined) {
    exchange.context.set('integration.error', 'The Lambda function returned an error')
    throw new Refusal('DEFAULT_5XX', { status: 502 })
  }
  const reply = proxyReply(exchange, result.payload)
  // integration.status is the function's own answer, integration.integrationStatus that of the Lambda service.
  exchange.context.set('integration.status', String(reply.status))
  return reply
}

function setStatus(exchange: Exchange, status: string): void {
  exchange.context.set('integration.integrationStatus', status)
  exchange.context.set('integrationStatus', status)
}

async function invoke(
  { cloud }: Gateway,
  exchange: Exchange,
  match: RouteMatch,
  payload: string,
): Promise<InvokeResult> {
  const { functionArn, credentials } = match.method.integration
  const { api, stage, request } = exchange
  const method = match.method.httpMethod === 'ANY' ? request.method : match.method.httpMethod
  const sourceArn = `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${api.id}/${stage.name}/${method}${match.resource.path}`
  const identity: Identity = credentials
    ? { kind: 'role', roleArn: credentials, sessionName: 'BackplaneAssumeRoleSession' }
    : { kind: 'service', principal: 'apigateway.amazonaws.com', sourceArn }
  try {
    return await cloud.invoke(functionArn, payload, identity)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    cloud.journal({
      source: 'apigateway',
      summary: `integration failed: ${error.code}`,
      detail: error.message,
    })
    setStatus(exchange, String(error.status))
    exchange.context.set('integration.error', error.message)
    exchange.context.set('integrationErrorMessage', error.message)
    throw refusalFor(error)
  }
}

/** A request too large for Lambda is the caller's; a missing permission ours; the rest is Lambda failing. */
function refusalFor(error: ServiceError): Refusal {
  if (error.status === 413) return new Refusal('REQUEST_TOO_LARGE')
  if (error.status === 403 || error.status === 404) return new Refusal('API_CONFIGURATION_ERROR')
  if (error.status === 429) return new Refusal('DEFAULT_5XX', { status: 500 })
  return new Refusal('INTEGRATION_FAILURE')
}

/** The gateway stops waiting in real time, as functions work in real time; the function runs on. */
async function withTimeout(work: Promise<InvokeResult>, method: Method): Promise<InvokeResult> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal('INTEGRATION_TIMEOUT')), method.integration.timeoutMs)
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
