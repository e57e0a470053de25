import type { Engine } from '../engine/engine.ts'
import { invalidRequest } from '../engine/fault.ts'
import type { Raw } from '../engine/params.ts'
import { checkExpand, render } from '../engine/render.ts'
import { parseForm } from './form.ts'
import type { ApiRequest } from './handle.ts'
import { parseJsonBody } from './json-body.ts'
import { pageParams, paginate } from './paginate.ts'
import { type Matched, matchRoute, type PathParams } from './router.ts'
import { v1Routes } from './routes/index.ts'
import { v2Routes } from './v2.ts'

/** The endpoint that a request is for. */
export function routeOf(request: Pick<ApiRequest, 'method' | 'path'>): Matched | undefined {
  return matchRoute(request.path.startsWith('/v2/') ? v2Routes : v1Routes, request.method, request.path)
}

/** Parses, runs the endpoint, and renders its answer. Throws `Fault`. */
export function execute(engine: Engine, matched: Matched, request: ApiRequest, token: string): unknown {
  const { route, id, sub } = matched
  const given = { id, sub, token }
  if (request.path.startsWith('/v2/')) {
    const raw = request.method === 'POST' ? parseJsonBody(request.body) : parseForm(request.query)
    const result = route.run(engine, raw, given)
    if (result.kind !== 'json') throw new Error(`${route.path} answered with something else than JSON`)
    return result.body
  }
  const raw = parseForm(request.method === 'POST' ? request.body : request.query)
  const expand = takeExpand(raw)
  if (route.isList) return runList(engine, matched, given, request.path, raw, expand)
  const result = route.run(engine, raw, given)
  if (result.kind !== 'object') throw new Error(`${route.path} answered with something else than an object`)
  return render(engine.state, result.object, expand)
}

function runList(
  engine: Engine,
  { route }: Matched,
  given: PathParams,
  path: string,
  raw: Record<string, Raw>,
  expand: readonly string[],
): unknown {
  const { limit, starting_after: after, ending_before: before, ...rest } = raw
  const page = pageParams.parse(present({ limit, starting_after: after, ending_before: before }), '')
  const result = route.run(engine, rest, given)
  if (result.kind !== 'list') throw new Error(`${route.path} answered with something else than a list`)
  const { items, hasMore } = paginate(result.items, page)
  const inner = expand.filter(one => one.startsWith('data.')).map(one => one.slice('data.'.length))
  return {
    object: 'list',
    data: items.map(item => render(engine.state, item, inner)),
    has_more: hasMore,
    url: path,
  }
}

function takeExpand(raw: Record<string, Raw>): string[] {
  const given = raw.expand
  delete raw.expand
  if (given === undefined) return []
  if (!Array.isArray(given) || !given.every(path => typeof path === 'string')) {
    throw invalidRequest('Invalid array', { param: 'expand', beforeExecution: true })
  }
  checkExpand(given)
  return given
}

function present(values: Record<string, Raw | undefined>): Record<string, Raw> {
  const kept: Record<string, Raw> = {}
  for (const [key, value] of Object.entries(values)) if (value !== undefined) kept[key] = value
  return kept
}
