import { type Engine, NO_REQUEST } from '../engine/engine.ts'
import { Fault } from '../engine/fault.ts'
import { newId } from '../engine/ids.ts'
import { API_VERSION } from '../engine/settings.ts'
import { bearerOf, checkKey, checkVersion } from './check-headers.ts'
import { errorBody } from './error-body.ts'
import { execute, routeOf } from './execute.ts'
import { type Answer, earlierAnswer, fingerprintOf, rememberAnswer } from './idempotency.ts'
import { createRateLimiter } from './rate-limit.ts'

export type ApiRequest = {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  /** Query string without `?`. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export type ApiPorts = {
  readonly journal: (entry: { source: string; summary: string; detail?: unknown }) => void
}

/** Answers API requests in-process: authentication, limits, idempotency, parameters, execution, expansion, errors. */
export function createApi(engine: Engine, ports: ApiPorts): (request: ApiRequest) => Answer {
  const limit = createRateLimiter(engine)
  return request => {
    const requestId = newId(engine.state, 'req_', 14)
    const key = request.headers['idempotency-key']
    const headers = {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': API_VERSION,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }
    const remembered = request.method === 'POST' ? key : undefined
    const fingerprint = fingerprintOf(request.method, request.path, request.body)
    const remember = (answer: Answer): Answer => {
      if (remembered !== undefined) {
        rememberAnswer(engine.state, remembered, fingerprint, answer, engine.time.now())
      }
      return answer
    }
    try {
      const matched = routeOf(request)
      if (!matched?.route.isTokenAuthenticated) checkKey(request.headers)
      checkVersion(request.headers)
      limit(request)
      if (matched === undefined) throw unrecognized(request, ports)
      if (remembered !== undefined) {
        const earlier = earlierAnswer(engine.state, remembered, fingerprint, engine.time.now())
        if (earlier !== undefined) {
          return { ...earlier, headers: { ...earlier.headers, 'request-id': requestId } }
        }
      }
      engine.request = { id: requestId, idempotencyKey: key ?? null }
      const body = execute(engine, matched, request, bearerOf(request.headers))
      return remember({ status: 200, headers, body: JSON.stringify(body, null, 2) })
    } catch (error) {
      const fault = asFault(error, request, ports)
      const answer = failure(fault, requestId, headers)
      return fault.details.beforeExecution ? answer : remember(answer)
    } finally {
      engine.request = NO_REQUEST
    }
  }
}

/** A refusal on the wire. */
export function failure(fault: Fault, requestId: string, headers: Readonly<Record<string, string>>): Answer {
  const retry = fault.details.shouldRetry
  return {
    status: fault.status,
    headers: {
      ...headers,
      ...fault.details.headers,
      ...(retry === undefined ? {} : { 'stripe-should-retry': String(retry) }),
    },
    body: JSON.stringify(errorBody(fault, requestId), null, 2),
  }
}

function asFault(error: unknown, request: ApiRequest, ports: ApiPorts): Fault {
  const what = `${request.method} ${request.path}`
  if (error instanceof Fault) {
    // A parameter that Stripe knows and this stand-in does not reads the same to the caller; here it can be told.
    if (error.details.code === 'parameter_unknown') {
      ports.journal({ source: 'stripe', summary: `refused ${what}: ${error.message}` })
    }
    return error
  }
  const detail = error instanceof Error ? error.stack : String(error)
  ports.journal({ source: 'stripe', summary: `failed ${what}`, detail })
  return new Fault(500, 'api_error', 'An error occurred while processing your request.', {
    shouldRetry: false,
  })
}

function unrecognized(request: ApiRequest, ports: ApiPorts): Fault {
  const what = `${request.method} ${request.path}`
  ports.journal({ source: 'stripe', summary: `unsupported endpoint: ${what}` })
  return new Fault(
    404,
    'invalid_request_error',
    `Unrecognized request URL (${request.method}: ${request.path}). The local Stripe does not support it; see the support table in infra/local/README.md.`,
    { beforeExecution: true },
  )
}
