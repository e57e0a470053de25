import { callFunction, type FunctionAnswer } from '../../../http-front/call-function.ts'
import type { Gateway } from '../gateway.ts'
import type { Authorizer, AuthorizerAnswer, RestApi, Stage } from '../state.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { type Exchange, Refusal, variable } from './exchange.ts'
import type { RouteMatch } from './match-route.ts'
import { requestEvent } from './proxy-event.ts'
import { readAuthorizerAnswer } from './read-authorizer-answer.ts'

/** Entries kept before expired ones are swept out. */
const MAX_CACHE_ENTRIES = 10_000

/**
 * Asks the method's authorizer, or its cache. Throws a `Refusal`: UNAUTHORIZED without a call when the identity is
 * missing or malformed, ACCESS_DENIED when the policy does not allow this method.
 * (docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html)
 */
export async function authorize(
  gateway: Gateway,
  exchange: Exchange,
  match: RouteMatch,
): Promise<AuthorizerAnswer> {
  const authorizer = exchange.deployment.authorizers.get(match.method.authorizerId ?? '')
  if (authorizer === undefined) throw new Refusal('AUTHORIZER_CONFIGURATION_ERROR')
  const identity = readIdentity(authorizer, exchange)
  const answer = await answerOf(gateway, exchange, match, authorizer, identity)
  exchange.context.set('authorizer.principalId', answer.principalId)
  for (const [name, value] of Object.entries(answer.context))
    exchange.context.set(`authorizer.${name}`, value)
  const verdict = evaluatePolicy(answer, methodArn(gateway, exchange))
  if (verdict === 'allow') return answer
  const suffix = verdict === 'explicit-deny' ? ' with an explicit deny' : ''
  throw new Refusal('ACCESS_DENIED', { text: `User is not authorized to access this resource${suffix}` })
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` of the request itself. */
const methodArn = ({ cloud }: Gateway, { api, stage, request }: Exchange): string =>
  `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${api.id}/${stage.name}/${request.method}${request.path}`

/** The values of the identity sources, which are also the cache key. */
function readIdentity(authorizer: Authorizer, exchange: Exchange): string[] {
  const values = authorizer.identitySources.map(source => identityValue(source, exchange) ?? '')
  if (values.includes('')) throw new Refusal('UNAUTHORIZED')
  if (authorizer.validation?.whole.test(values[0] ?? '') === false) throw new Refusal('UNAUTHORIZED')
  return values
}

function identityValue(source: string, exchange: Exchange): string | undefined {
  const scope = source.startsWith('method.request.') ? 'method.request' : source.slice(0, source.indexOf('.'))
  return variable(exchange, scope, source.slice(scope.length + 1))
}

async function answerOf(
  gateway: Gateway,
  exchange: Exchange,
  match: RouteMatch,
  authorizer: Authorizer,
  identity: readonly string[],
): Promise<AuthorizerAnswer> {
  const { authorizerCache } = gateway.state
  const { clock } = gateway.cloud
  const ttlMs = authorizer.resultTtlSeconds * 1000
  const cacheKey = `${cacheScope(exchange.api, exchange.stage)}${JSON.stringify([authorizer.id, ...identity])}`
  const cached = ttlMs > 0 ? authorizerCache.get(cacheKey) : undefined
  if (cached !== undefined && cached.expiresAt > clock.now()) return cached.answer
  const answer = await call(gateway, exchange, match, authorizer, identity)
  if (ttlMs > 0) {
    if (authorizerCache.size >= MAX_CACHE_ENTRIES) sweep(authorizerCache, clock.now())
    authorizerCache.set(cacheKey, { expiresAt: clock.now() + ttlMs, answer })
  }
  return answer
}

/** What the keys of a stage's cached answers begin with. */
export const cacheScope = (api: RestApi, stage: Stage): string => `${api.id}/${stage.name} `

function sweep(cache: Gateway['state']['authorizerCache'], now: number): void {
  for (const [key, entry] of cache) if (entry.expiresAt <= now) cache.delete(key)
  if (cache.size >= MAX_CACHE_ENTRIES) cache.clear()
}

async function call(
  gateway: Gateway,
  exchange: Exchange,
  match: RouteMatch,
  authorizer: Authorizer,
  identity: readonly string[],
): Promise<AuthorizerAnswer> {
  const { cloud } = gateway
  const arn = methodArn(gateway, exchange)
  const event =
    authorizer.type === 'TOKEN'
      ? { type: 'TOKEN', authorizationToken: identity[0], methodArn: arn }
      : { type: 'REQUEST', methodArn: arn, ...requestEvent(gateway, exchange, match) }
  const answer = await callFunction(cloud, {
    functionArn: authorizer.functionArn,
    payload: JSON.stringify(event),
    sourceArn: `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${exchange.api.id}/authorizers/${authorizer.id}`,
    ...(authorizer.credentials === undefined ? {} : { credentials: authorizer.credentials }),
  })
  for (const name of ['latency', 'integrationLatency'])
    exchange.context.set(`authorizer.${name}`, String(answer.latencyMs))
  return readAnswer(gateway, exchange, answer)
}

function readAnswer(gateway: Gateway, { context }: Exchange, answer: FunctionAnswer): AuthorizerAnswer {
  if (answer.kind === 'timed out') throw new Refusal('AUTHORIZER_FAILURE')
  if (answer.kind === 'refused') {
    const { code, message, status } = answer.error
    gateway.cloud.journal({
      source: 'apigateway',
      summary: `authorizer not called: ${code}`,
      detail: message,
    })
    context.set('authorizer.error', message)
    context.set('authorizer.integrationStatus', String(status))
    const retryable = status === 429 || status >= 500
    throw new Refusal(retryable ? 'AUTHORIZER_FAILURE' : 'AUTHORIZER_CONFIGURATION_ERROR')
  }
  const { result } = answer
  context.set('authorizer.requestId', result.requestId)
  context.set('authorizer.integrationStatus', '200')
  context.set('authorizer.status', result.functionError === undefined ? '200' : '500')
  if (result.functionError === undefined) return readAuthorizerAnswer(result.payload)
  const message = errorMessage(result.payload)
  if (message === 'Unauthorized') throw new Refusal('UNAUTHORIZED')
  context.set('authorizer.error', message ?? 'Authorizer error')
  throw new Refusal('AUTHORIZER_FAILURE')
}

function errorMessage(payload: string): string | undefined {
  try {
    const parsed = JSON.parse(payload) as { errorMessage?: unknown }
    return typeof parsed?.errorMessage === 'string' ? parsed.errorMessage : undefined
  } catch {
    return undefined
  }
}
