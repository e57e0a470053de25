import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import { PROBLEMS, type ProblemCode } from '#api/contract'

type Template = {
  readonly id: string
  readonly type: ResponseType
  readonly code: ProblemCode
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * API Gateway's own answers as problem documents. A gateway response has one static status and substitutes variables,
 * nothing more; every decision is the authorizer's or the api function's.
 */
const TEMPLATES: readonly Template[] = [
  {
    id: 'Unauthorized',
    type: ResponseType.UNAUTHORIZED,
    code: 'invalid_api_key',
    headers: { 'WWW-Authenticate': "'Bearer'" },
  },
  { id: 'Throttled', type: ResponseType.THROTTLED, code: 'rate_limited', headers: { 'Retry-After': "'1'" } },
  { id: 'TooLarge', type: ResponseType.REQUEST_TOO_LARGE, code: 'payload_too_large' },
  { id: 'NoRoute', type: ResponseType.MISSING_AUTHENTICATION_TOKEN, code: 'not_found' },
  unavailable('AuthorizerFailure', ResponseType.AUTHORIZER_FAILURE),
  unavailable('AuthorizerConfiguration', ResponseType.AUTHORIZER_CONFIGURATION_ERROR),
  unavailable('NoGatewayKey', ResponseType.INVALID_API_KEY),
  { id: 'OtherClientError', type: ResponseType.DEFAULT_4XX, code: 'malformed_json' },
  { id: 'OtherServerError', type: ResponseType.DEFAULT_5XX, code: 'internal_error' },
]

function unavailable(id: string, type: ResponseType): Template {
  return { id, type, code: 'service_unavailable', headers: { 'Retry-After': "'5'" } }
}

export function addGatewayResponses(api: RestApi): void {
  for (const { id, type, code, headers } of TEMPLATES) {
    const fallback = type === ResponseType.DEFAULT_4XX || type === ResponseType.DEFAULT_5XX
    api.addGatewayResponse(id, {
      type,
      ...(fallback ? {} : { statusCode: String(PROBLEMS[code].status) }),
      responseHeaders: { ...PROBLEM_TYPE, ...headers },
      templates: { 'application/json': fallback ? fallbackBody(type) : problemBody(code) },
    })
  }
  // A block is the authorizer's decision; it says which and when to come back in its context.
  api.addGatewayResponse('Blocked', {
    type: ResponseType.ACCESS_DENIED,
    statusCode: '402',
    responseHeaders: { ...PROBLEM_TYPE, 'Retry-After': 'context.authorizer.retryAfter' },
    templates: {
      'application/json': body({
        type: '/docs/errors#$context.authorizer.code',
        title: PROBLEMS.payment_required.title,
        status: 402,
        code: '$context.authorizer.code',
        detail: '$context.authorizer.detail',
      }),
    },
  })
}

const PROBLEM_TYPE = { 'Content-Type': "'application/problem+json'" }

function problemBody(code: ProblemCode): string {
  const { status, title, remedy } = PROBLEMS[code]
  return body({ type: `/docs/errors#${code}`, title, status, code, detail: remedy })
}

/** Statuses that API Gateway decides itself, such as 415 or 504: only the type of the response is known. */
function fallbackBody(type: ResponseType): string {
  const client = type === ResponseType.DEFAULT_4XX
  return body({
    type: 'about:blank',
    title: client ? 'The request was refused' : PROBLEMS.internal_error.title,
    code: client ? 'request_refused' : 'internal_error',
    detail: client ? 'Check method, path and headers against /openapi.json.' : PROBLEMS.internal_error.remedy,
  })
}

const body = (members: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...members, requestId: '$context.extendedRequestId' })
