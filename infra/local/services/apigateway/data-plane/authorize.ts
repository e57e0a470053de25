import { type Identity, type InvokeResult, ServiceError } from '../../../contract.ts'
import type { Gateway } from '../gateway.ts'
import type { Authorizer, AuthorizerAnswer } from '../state.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { type Exchange, headerValue, Refusal } from './exchange.ts'
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
  const verdict = evaluatePolicy(answer.policy, methodArn(gateway, exchange))
  if (verdict === 'allow') return answer
  const suffix = verdict === 'explicit-deny' ? ' with an explicit deny' : ''
  throw new Refusal('ACCESS_DENIED', { text: `User is not authorized to access this resource${suffix}` })
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` of the request itself. */
const methodArn = ({ cloud }: Gateway, { api, stage, request }: Exchange): string =>
  `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${api.id}/${stage.name}/${request.method}${request.path}`

/** The values of the identity sources, which are also the cache key. */
function readIdentity(authorizer: Authorizer, exchange: Exchange): string[] {
  const values = authorizer.identitySources.map(source => identityValue(source, exchange))
  const expression = authorizer.identityValidationExpression
  const missing = values.some(value => value === undefined || value === '')
  if (missing) throw new Refusal('UNAUTHORIZED')
  const whole = expression === undefined ? undefined : new RegExp(`^(?:${expression})$`)
  if (whole !== undefined && !whole.test(values[0] ?? '')) throw new Refusal('UNAUTHORIZED')
  return values.map(value => value ?? '')
}

function identityValue(source: string, exchange: Exchange): string | undefined {
  const { request, stage, context } = exchange
  const name = source.split('.').slice(3).join('.')
  if (source.startsWith('method.request.header.')) return headerValue(request, name)
  if (source.startsWith('method.request.querystring.'))
    return new URLSearchParams(request.query).get(name) ?? undefined
  if (source.startsWith('stageVariables.')) return stage.variables[source.slice('stageVariables.'.length)]
  return context.get(source.slice('context.'.length))
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
  const cacheKey = JSON.stringify([exchange.api.id, exchange.stage.name, authorizer.id, ...identity])
  const cached = ttlMs > 0 ? authorizerCache.get(cacheKey) : undefined
  if (cached !== undefined && cached.expiresAt > clock.now()) return cached.answer
  const answer = await call(gateway, exchange, match, authorizer, identity)
  if (ttlMs > 0) {
    if (authorizerCache.size >= MAX_CACHE_ENTRIES) sweep(authorizerCache, clock.now())
    authorizerCache.set(cacheKey, { expiresAt: clock.now() + ttlMs, answer })
  }
  return answer
}

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
  const sourceArn = `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${exchange.api.id}/authorizers/${authorizer.id}`
  const startedAt = cloud.clock.now()
  const result = await invoke(gateway, authorizer, JSON.stringify(event), sourceArn)
  const latency = String(cloud.clock.now() - startedAt)
  for (const name of ['latency', 'integrationLatency']) exchange.context.set(`authorizer.${name}`, latency)
  exchange.context.set('authorizer.requestId', result.requestId)
  exchange.context.set('authorizer.status', result.functionError === undefined ? '200' : '500')
  if (result.functionError === undefined) return readAuthorizerAnswer(result.payload)
  if (errorMessage(result.payload) === 'Unauthorized') throw new Refusal('UNAUTHORIZED')
  exchange.context.set('authorizer.error', errorMessage(result.payload) ?? 'Authorizer error')
  throw new Refusal('AUTHORIZER_FAILURE')
}

async function invoke(gateway: Gateway, authorizer: Authorizer, payload: string, sourceArn: string) {
  const { cloud } = gateway
  const identity: Identity = authorizer.credentials
    ? { kind: 'role', roleArn: authorizer.credentials, sessionName: 'BackplaneAssumeRoleSession' }
    : { kind: 'service', principal: 'apigateway.amazonaws.com', sourceArn }
  try {
    return (await cloud.invoke(authorizer.functionArn, payload, identity)) satisfies InvokeResult
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    cloud.journal({
      source: 'apigateway',
      summary: `authorizer not called: ${error.code}`,
      detail: error.message,
    })
    const retryable = error.status === 429 || error.status >= 500
    throw new Refusal(retryable ? 'AUTHORIZER_FAILURE' : 'AUTHORIZER_CONFIGURATION_ERROR')
  }
}

function errorMessage(payload: string): string | undefined {
  try {
    const parsed = JSON.parse(payload) as { errorMessage?: unknown }
    return typeof parsed?.errorMessage === 'string' ? parsed.errorMessage : undefined
  } catch {
    return undefined
  }
}
