import type { HttpApi, Route } from '../state.ts'

export type RouteMatch = { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> }

/**
 * A full match of the path wins over variables, variables over greedy ones, a method over ANY; `$default` takes the
 * rest (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export function matchRoute(api: HttpApi, method: string, path: string): RouteMatch | undefined {
  const candidates = [...api.routes.values()].flatMap(route => {
    const match = matchKey(route.routeKey, method, path)
    return match === undefined ? [] : [{ route, ...match }]
  })
  return candidates.sort((a, b) => (a.rank < b.rank ? -1 : 1))[0]
}

/** Rank: per segment 0 literal, 1 variable, 2 greedy; then 0 for the method, 1 for ANY. `$default` comes last. */
function matchKey(routeKey: string, method: string, path: string) {
  if (routeKey === '$default') return { rank: '9', pathParameters: {} }
  const [routeMethod, routePath = '/'] = routeKey.split(' ')
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined
  const match = matchPath(routePath.split('/').slice(1), path.split('/').slice(1))
  return match && { ...match, rank: match.rank + (routeMethod === 'ANY' ? '1' : '0') }
}

function matchPath(parts: readonly string[], segments: readonly string[]) {
  const pathParameters: Record<string, string> = {}
  let rank = ''
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]
    if (segment === undefined) return undefined
    const variable = /^\{(.+?)(\+?)\}$/.exec(part)
    if (variable === null) {
      if (part !== segment) return undefined
      rank += '0'
      continue
    }
    const greedy = variable[2] === '+'
    const value = greedy ? segments.slice(index).join('/') : segment
    if (value === '') return undefined
    pathParameters[variable[1] ?? ''] = decode(value)
    rank += greedy ? '2' : '1'
    if (greedy) return { rank, pathParameters }
  }
  return parts.length === segments.length ? { rank, pathParameters } : undefined
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
