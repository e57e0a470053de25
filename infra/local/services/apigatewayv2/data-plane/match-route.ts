import { matchPath, segmentsOf } from '../../../http-front/path-template.ts'
import type { Route } from '../state.ts'

export type RouteMatch = { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> }

/** Finds the route for a request; undefined when the API has none. */
export type Router = (method: string, path: string) => RouteMatch | undefined

/**
 * A full match of the path wins over variables, variables over greedy ones, a method over ANY; `$default` takes the
 * rest (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export function createRouter(all: Iterable<Route>): Router {
  const routes = [...all]
  const ranked = routes
    .flatMap(route => {
      const { matcher } = route
      return matcher
        ? [{ route, ...matcher, rank: matcher.path.rank + (matcher.method === 'ANY' ? '1' : '0') }]
        : []
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
  const last = routes.find(route => route.matcher === undefined)
  return (method, path) => {
    const segments = segmentsOf(path)
    for (const candidate of ranked) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue
      const values = matchPath(candidate.path, segments)
      if (values !== undefined) return { route: candidate.route, pathParameters: decoded(values) }
    }
    return last && { route: last, pathParameters: {} }
  }
}

const decoded = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decodePath(value)]))

/** What cannot be decoded stays as it is. */
export function decodePath(value: string): string {
  try {
    return value.includes('%') ? decodeURIComponent(value) : value
  } catch {
    return value
  }
}
