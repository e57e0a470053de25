import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { badRequest, number, optionalText, text } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Gateway, present } from '../gateway.ts'
import type { Authorizer } from '../state.ts'
import { apiOf, lambdaOf } from './references.ts'

const KNOWN = [
  'AuthorizerCredentials',
  'AuthorizerResultTtlInSeconds',
  'AuthorizerUri',
  'AuthType',
  'IdentitySource',
  'IdentityValidationExpression',
  'Name',
  'RestApiId',
  'Type',
]
const DEFAULT_TTL_SECONDS = 300
const MAX_TTL_SECONDS = 3600
const SOURCE = /^(method\.request\.(header|querystring)\.[\w-]+|context\.[\w.]+|stageVariables\.\w+)$/

/** AWS::ApiGateway::Authorizer of type TOKEN or REQUEST. */
export function provideAuthorizer(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(gateway, properties)
  const type = text(properties, 'Type')
  if (type !== 'TOKEN' && type !== 'REQUEST') throw new UnsupportedError(`the authorizer type ${type}`)
  const resultTtlSeconds = number(properties, 'AuthorizerResultTtlInSeconds') ?? DEFAULT_TTL_SECONDS
  if (resultTtlSeconds < 0 || resultTtlSeconds > MAX_TTL_SECONDS) {
    throw badRequest(`AuthorizerResultTtlInSeconds must be between 0 and ${MAX_TTL_SECONDS}`)
  }
  const identitySources = (optionalText(properties, 'IdentitySource') ?? '')
    .split(',')
    .flatMap(part => part.trim() || [])
  const invalid = identitySources.find(source => !SOURCE.test(source))
  if (invalid !== undefined) throw badRequest(`Invalid identity source specified: ${invalid}`)
  refuseImpossible(type, identitySources, resultTtlSeconds)
  const expression = optionalText(properties, 'IdentityValidationExpression')
  if (expression !== undefined && type === 'REQUEST') {
    throw new UnsupportedError(
      'IdentityValidationExpression on a REQUEST authorizer (API Gateway ignores it there)',
    )
  }
  const name = text(properties, 'Name')
  const id = derivedId(6, api.id, 'authorizer', name)
  api.authorizers.set(id, {
    id,
    name,
    type,
    ...lambdaOf(text(properties, 'AuthorizerUri')),
    identitySources,
    resultTtlSeconds,
    ...present({
      credentials: optionalText(properties, 'AuthorizerCredentials'),
      validation: expression === undefined ? undefined : compile(expression),
    }),
  })
  return { ref: id, attributes: { AuthorizerId: id } }
}

/** The whole identity must match. */
function compile(expression: string): NonNullable<Authorizer['validation']> {
  try {
    return { expression, whole: new RegExp(`^(?:${expression})$`) }
  } catch (cause) {
    throw badRequest(`Invalid identity validation expression specified: ${String(cause)}`)
  }
}

function refuseImpossible(type: string, sources: readonly string[], ttlSeconds: number): void {
  if (type === 'TOKEN' && (sources.length !== 1 || !sources[0]?.startsWith('method.request.header.'))) {
    throw badRequest('A TOKEN authorizer needs exactly one header as its identity source')
  }
  if (type === 'REQUEST' && sources.length === 0 && ttlSeconds > 0) {
    throw badRequest('A REQUEST authorizer needs an identity source while caching is enabled')
  }
}
