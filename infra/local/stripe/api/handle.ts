import { type Engine, NO_REQUEST } from '../engine/engine.ts'
import { Fault, invalidRequest } from '../engine/fault.ts'
import { newId } from '../engine/ids.ts'
import type { Raw } from '../engine/params.ts'
import { render } from '../engine/render.ts'
import { API_VERSION } from '../engine/settings.ts'
import { checkHeaders } from './check-headers.ts'
import { errorBody } from './error-body.ts'
import { parseForm } from './form.ts'
import { type Answer, earlierAnswer, fingerprintOf, rememberAnswer } from './idempotency.ts'
import { pageParams, paginate } from './paginate.ts'
import { type ApiRoute, matchRoute, type PathParams } from './router.ts'
import { v1Routes } from './routes/index.ts'
import { v2Routes } from './v2.ts'

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

/** Answers API requests in-process: authentication, idempotency, parameters, execution, expansion, errors. */
export function createApi(engine: Engine, ports: ApiPorts): (request: ApiRequest) => Answer {
  return request => {
    const requestId = newId(engine.state, 'req_', 14)
    const idempotencyKey = request.headers['idempotency-key']
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': request.headers['stripe-version'] ?? API_VERSION,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    }
    const remembers = request.method === 'POST' && idempotencyKey !== undefined
    const fingerprint = fingerprintOf(request.method, request.path, request.body)
    try {
      checkHeaders(request.headers)
      if (remembers) {
        const earlier = earlierAnswer(engine.state, idempotencyKey, fingerprint, engine.time.now())
        if (earlier !== undefined)
          return { ...earlier, headers: { ...earlier.headers, 'request-id': requestId } }
      }
      engine.request = { id: requestId, idempotencyKey: idempotencyKey ?? null }
      const answer = { status: 200, headers, body: JSON.stringify(execute(engine, request, ports), null, 2) }
      if (remembers) rememberAnswer(engine.state, idempotencyKey, fingerprint, answer, engine.time.now())
      return answer
    } catch (error) {
      const fault = asFault(error, request, ports)
      const answer = failure(fault, requestId, headers)
      if (remembers && !fault.details.beforeExecution)
        rememberAnswer(engine.state, idempotencyKey, fingerprint, answer, engine.time.now())
      return answer
    } finally {
      engine.request = NO_REQUEST
    }
  }
}

function failure(fault: Fault, requestId: string, headers: Record<string, string>): Answer {
  const retry = fault.details.shouldRetry
  return {
    status: fault.status,
    headers: { ...headers, ...(retry === undefined ? {} : { 'stripe-should-retry': String(retry) }) },
    body: JSON.stringify(errorBody(fault, requestId), null, 2),
  }
}

function asFault(error: unknown, request: ApiRequest, ports: ApiPorts): Fault {
  if (error instanceof Fault) {
    if (error.details.code === 'parameter_unknown') {
      ports.journal({
        source: 'stripe',
        summary: `refused ${request.method} ${request.path}: ${error.message}`,
      })
    }
    return error
  }
  const detail = error instanceof Error ? error.stack : String(error)
  ports.journal({ source: 'stripe', summary: `failed ${request.method} ${request.path}`, detail })
  return new Fault(500, 'api_error', 'An error occurred while processing your request.', {
    shouldRetry: false,
  })
}

function execute(engine: Engine, request: ApiRequest, ports: ApiPorts): unknown {
  const isV2 = request.path.startsWith('/v2/')
  const matched = matchRoute(isV2 ? v2Routes : v1Routes, request.method, request.path)
  if (matched === undefined) throw unrecognized(request, ports)
  if (isV2) return runV2(engine, matched, request)
  const raw = parseForm(request.method === 'POST' ? request.body : request.query)
  const expand = takeExpand(raw)
  if (!matched.route.isList) {
    const result = matched.route.run(engine, raw, matched.params)
    if (result.kind !== 'object') throw new Error('an object route answered with something else')
    return render(engine.state, result.object, expand)
  }
  return runList(engine, matched, request, raw, expand)
}

function runList(
  engine: Engine,
  matched: { route: ApiRoute; params: PathParams },
  request: ApiRequest,
  raw: { [key: string]: Raw },
  expand: readonly string[],
): unknown {
  const { limit, starting_after: after, ending_before: before, ...rest } = raw
  const page = pageParams.parse(withoutUndefined({ limit, starting_after: after, ending_before: before }), '')
  const result = matched.route.run(engine, rest, matched.params)
  if (result.kind !== 'list') throw new Error('a list route answered with something else')
  const { items, hasMore } = paginate(result.items, page)
  const inner = expand.filter(path => path.startsWith('data.')).map(path => path.slice('data.'.length))
  return {
    object: 'list',
    data: items.map(item => render(engine.state, item, inner)),
    has_more: hasMore,
    url: request.path,
  }
}

function runV2(
  engine: Engine,
  matched: { route: ApiRoute; params: PathParams },
  request: ApiRequest,
): unknown {
  const raw = request.method === 'POST' ? parseJson(request.body) : parseForm(request.query)
  const result = matched.route.run(engine, raw, matched.params)
  return result.kind === 'json' ? result.body : result
}

function parseJson(body: string): { [key: string]: Raw } {
  try {
    return body === '' ? {} : JSON.parse(body)
  } catch {
    throw invalidRequest('Invalid JSON in the request body.', { beforeExecution: true })
  }
}

function takeExpand(raw: { [key: string]: Raw }): string[] {
  const given = raw.expand
  delete raw.expand
  if (given === undefined) return []
  if (!Array.isArray(given)) throw invalidRequest('Invalid array', { param: 'expand', beforeExecution: true })
  return given.filter(path => typeof path === 'string')
}

function withoutUndefined(values: Record<string, Raw | undefined>): { [key: string]: Raw } {
  const present: { [key: string]: Raw } = {}
  for (const [key, value] of Object.entries(values)) if (value !== undefined) present[key] = value
  return present
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
