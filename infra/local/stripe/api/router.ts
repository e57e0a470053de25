import type { Engine } from '../engine/engine.ts'
import type { Param, Raw } from '../engine/params.ts'

export type PathParams = { readonly id: string }

export type RouteResult =
  | { readonly kind: 'object'; readonly object: object }
  /** All matching objects in the order of creation; the caller cuts the page. */
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  /** JSON as it is, for the v2 namespace. */
  | { readonly kind: 'json'; readonly body: unknown }

export type ListItem = { readonly id: string }

export type ApiRoute = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly isList: boolean
  run(engine: Engine, raw: Raw, path: PathParams): RouteResult
}

/** An endpoint that answers with one object. */
export function one<P extends Param<unknown>>(
  method: ApiRoute['method'],
  path: string,
  params: P,
  run: (engine: Engine, input: P extends Param<infer T> ? T : never, path: PathParams) => object,
): ApiRoute {
  return {
    method,
    path,
    isList: false,
    run: (engine, raw, pathParams) => ({
      kind: 'object',
      object: run(engine, params.parse(raw, '') as P extends Param<infer T> ? T : never, pathParams),
    }),
  }
}

/** An endpoint that answers with a list; `run` returns all matches in the order of creation. */
export function many<P extends Param<unknown>>(
  path: string,
  params: P,
  run: (engine: Engine, input: P extends Param<infer T> ? T : never, path: PathParams) => readonly ListItem[],
): ApiRoute {
  return {
    method: 'GET',
    path,
    isList: true,
    run: (engine, raw, pathParams) => ({
      kind: 'list',
      items: run(engine, params.parse(raw, '') as P extends Param<infer T> ? T : never, pathParams),
    }),
  }
}

/** Finds the route of a path; fixed segments win over `:id`, as `create_preview` does. */
export function matchRoute(
  routes: readonly ApiRoute[],
  method: string,
  path: string,
): { route: ApiRoute; params: PathParams } | undefined {
  const segments = path.split('/')
  let best: { route: ApiRoute; params: PathParams } | undefined
  for (const route of routes) {
    if (route.method !== method) continue
    const pattern = route.path.split('/')
    if (pattern.length !== segments.length) continue
    if (!pattern.every((part, index) => part === ':id' || part === segments[index])) continue
    const at = pattern.indexOf(':id')
    if (at === -1) return { route, params: { id: '' } }
    best ??= { route, params: { id: decodeURIComponent(segments[at] ?? '') } }
  }
  return best
}
