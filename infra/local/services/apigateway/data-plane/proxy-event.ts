import type { APIGatewayProxyEvent } from 'aws-lambda'
import { headerValue, headerValues } from '../../../http-front/message.ts'
import type { Gateway } from '../gateway.ts'
import type { AuthorizerAnswer } from '../state.ts'
import type { Caller } from './admit.ts'
import { isBinary } from './binary.ts'
import type { Exchange } from './exchange.ts'
import type { RouteMatch } from './match-route.ts'

type RequestContext = Omit<APIGatewayProxyEvent['requestContext'], 'authorizer' | 'identity'> & {
  readonly deploymentId: string
  readonly identity: Readonly<Record<string, string | null>>
  readonly authorizer?: Readonly<Record<string, string | number>>
}

type Event = Omit<APIGatewayProxyEvent, 'body' | 'isBase64Encoded' | 'requestContext'> & {
  readonly requestContext: RequestContext
}

export type ProxyEvent = Event & Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>

/**
 * The event of a Lambda proxy integration, payload format 1.0
 * (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
 */
export function proxyEvent(
  gateway: Gateway,
  exchange: Exchange,
  match: RouteMatch,
  authorized: AuthorizerAnswer | undefined,
  caller: Caller | undefined,
): ProxyEvent {
  const { request, api, context } = exchange
  const event = requestEvent(gateway, exchange, match)
  const authorizer = authorized && {
    ...authorized.context,
    principalId: authorized.principalId,
    integrationLatency: Number(context.get('authorizer.integrationLatency') ?? 0),
  }
  const key = caller && { apiKey: caller.keyValue, apiKeyId: caller.keyId }
  const body = request.body ?? Buffer.alloc(0)
  const binary = body.length > 0 && isBinary(api.binaryMediaTypes, headerValue(request, 'content-type'))
  return {
    ...event,
    requestContext: {
      ...event.requestContext,
      ...(authorizer === undefined ? {} : { authorizer }),
      identity: { ...event.requestContext.identity, ...key },
    },
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
  }
}

/** What the events of a proxy integration and of a REQUEST authorizer have in common. */
export function requestEvent(gateway: Gateway, exchange: Exchange, match: RouteMatch): Event {
  const { request, stage } = exchange
  const headers = forwardedHeaders(exchange)
  const query = request.query === '' ? [] : [...new URLSearchParams(request.query)]
  const hasQuery = query.length > 0
  const hasPathParameters = Object.keys(match.pathParameters).length > 0
  return {
    resource: match.resource.path,
    path: request.path,
    httpMethod: request.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: multiValue(headers),
    queryStringParameters: hasQuery ? Object.fromEntries(query) : null,
    multiValueQueryStringParameters: hasQuery ? multiValue(query) : null,
    pathParameters: hasPathParameters ? { ...match.pathParameters } : null,
    stageVariables: Object.keys(stage.variables).length > 0 ? { ...stage.variables } : null,
    requestContext: requestContext(gateway, exchange, match),
  }
}

function multiValue(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const earlier = values.get(name)
    if (earlier === undefined) values.set(name, [value])
    else earlier.push(value)
  }
  return Object.fromEntries(values)
}

/** Headers the gateway sets itself, and those that end with the caller's connection. */
const OWN = new Set(
  'connection content-length x-forwarded-for x-forwarded-port x-forwarded-proto x-amzn-trace-id'.split(' '),
)

/** The caller's headers and those the gateway adds about where the request came from. */
function forwardedHeaders(exchange: Exchange): (readonly [string, string])[] {
  const { request } = exchange
  const forwarded = [...headerValues(request, 'x-forwarded-for'), request.sourceIp].join(', ')
  return [
    ...request.headers.filter(([name]) => !OWN.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', exchange.traceId],
    ['X-Forwarded-For', forwarded],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]
}

function requestContext(gateway: Gateway, exchange: Exchange, match: RouteMatch): RequestContext {
  const { request, api, stage, context } = exchange
  return {
    resourceId: match.resource.id,
    resourcePath: match.resource.path,
    httpMethod: request.method,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: context.get('requestTime') ?? '',
    path: `/${stage.name}${request.path}`,
    accountId: gateway.cloud.accountId,
    protocol: request.protocol,
    stage: stage.name,
    domainPrefix: api.id,
    requestTimeEpoch: exchange.arrivedAt,
    requestId: exchange.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: headerValue(request, 'user-agent') ?? null,
      user: null,
    },
    domainName: context.get('domainName') ?? '',
    deploymentId: exchange.deployment.id,
    apiId: api.id,
  }
}
