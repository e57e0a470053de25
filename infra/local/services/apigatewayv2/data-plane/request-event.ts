import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { LocalCloud } from '../../../contract.ts'
import { type FrontRequest, headerValues } from '../../../http-front/message.ts'
import type { Exchange } from './exchange.ts'
import type { RouteMatch } from './match-route.ts'

/** Media types whose bodies travel as text; every other body, forms included, is base64. */
const TEXT = /^(text\/.*|application\/(json|javascript|xml)|.*\+(json|xml))$/

/**
 * The event in payload format 2.0
 * (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function requestEvent(
  cloud: LocalCloud,
  exchange: Exchange,
  match: RouteMatch,
): APIGatewayProxyEventV2 {
  const { request, context, api, stage } = exchange
  const headers = joinedHeaders(request)
  const cookies = headerValues(request, 'cookie').flatMap(value =>
    value.split(/;\s*/).filter(cookie => cookie !== ''),
  )
  const query = joined([...new URLSearchParams(request.query)])
  const isBase64Encoded = !isText(headers['content-type'])
  const body = request.body !== undefined && request.body.length > 0 ? request.body : undefined
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: exchange.path,
    rawQueryString: request.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: cloud.accountId,
      apiId: api.id,
      domainName: exchange.domainName,
      domainPrefix: api.id,
      http: {
        method: request.method,
        path: exchange.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: exchange.requestId,
      routeKey: match.route.routeKey,
      stage: stage.name,
      time: context.get('requestTime') ?? '',
      timeEpoch: exchange.arrivedAt,
    },
    ...(Object.keys(match.pathParameters).length > 0 ? { pathParameters: { ...match.pathParameters } } : {}),
    ...(Object.keys(stage.variables).length > 0 ? { stageVariables: { ...stage.variables } } : {}),
    ...(body === undefined ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded: body !== undefined && isBase64Encoded,
  }
}

function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  return type === undefined || TEXT.test(type)
}

/** Headers that travel elsewhere in the event, that the gateway sets itself, or that end with the connection. */
const OWN = new Set('connection cookie x-forwarded-for x-forwarded-port x-forwarded-proto'.split(' '))

/** Lower-case names, repeated values joined by commas, cookies apart, the gateway's own headers added. */
function joinedHeaders(request: FrontRequest): Record<string, string> {
  const kept = request.headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OWN.has(name))
  const forwarded = [...headerValues(request, 'x-forwarded-for'), request.sourceIp].join(', ')
  return {
    ...joined(kept),
    'x-forwarded-for': forwarded,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  }
}

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    const earlier = values.get(name)
    values.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return Object.fromEntries(values)
}
