import type { Engine } from '../engine/engine.ts'
import type { Param, Raw } from '../engine/params.ts'

/** `sub` is the second id of a nested path. `token` is what came in the Authorization header. */
export type PathParams = { readonly id: string; readonly sub: string; readonly token: string }

export type RouteResult =
  | { readonly kind: 'object'; readonly object: object }
  /** All matching objects in the order of creation; the caller cuts the page. */
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  /** JSON as it is, for the v2 namespace. */
  | { readonly kind: 'json'; readonly body: unknown }

export type ListItem = { readonly id: string }

export type ApiRoute = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `:id` and `:sub` in the place of ids. */
  readonly path: string
  readonly isList: boolean
  /** Authenticated by a short-lived token of its own instead of a secret key. */
  readonly isTokenAuthenticated?: boolean
  readonly params: Param<unknown>
  run(engine: Engine, raw: Raw, path: PathParams): RouteResult
}

type Parsed<P> = P extends Param<infer T> ? T : never
type Run<P, R> = (engine: Engine, input: Parsed<P>, path: PathParams) => R

/** An endpoint that answers with one object. */
export function one<T>(
  method: ApiRoute['method'],
  path: string,
  params: Param<T>,
  run: Run<Param<T>, object>,
): ApiRoute {
  return {
    method,
    path,
    isList: false,
    params,
    run: (engine, raw, given) => ({ kind: 'object', object: run(engine, params.parse(raw, ''), given) }),
  }
}

/** An endpoint that answers with a list; `run` returns all matches in the order of creation. */
export function many<T>(path: string, params: Param<T>, run: Run<Param<T>, readonly ListItem[]>): ApiRoute {
  return {
    method: 'GET',
    path,
    isList: true,
    params,
    run: (engine, raw, given) => ({ kind: 'list', items: run(engine, params.parse(raw, ''), given) }),
  }
}

/** An endpoint of the v2 namespace, which answers JSON as it is. */
export function json<T>(
  method: ApiRoute['method'],
  path: string,
  params: Param<T>,
  run: Run<Param<T>, unknown>,
): ApiRoute {
  return {
    method,
    path,
    isList: false,
    params,
    run: (engine, raw, given) => ({ kind: 'json', body: run(engine, params.parse(raw, ''), given) }),
  }
}

export type Matched = { readonly route: ApiRoute; readonly id: string; readonly sub: string }

/** Finds the route of a path; fixed segments win over `:id`, as `create_preview` does. */
export function matchRoute(routes: readonly ApiRoute[], method: string, path: string): Matched | undefined {
  const segments = path.split('/').map(decoded)
  let best: Matched | undefined
  for (const route of routes) {
    if (route.method !== method) continue
    const pattern = route.path.split('/')
    if (pattern.length !== segments.length) continue
    if (!pattern.every((part, index) => part.startsWith(':') || part === segments[index])) continue
    const at = (name: string) => segments[pattern.indexOf(name)] ?? ''
    if (!pattern.includes(':id')) return { route, id: '', sub: '' }
    best ??= { route, id: at(':id'), sub: at(':sub') }
  }
  return best
}

/** A path segment as its id; one that is no valid encoding stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
