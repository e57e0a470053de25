import type { Deployment, Method, PathResource } from '../state.ts'

export type RouteMatch = {
  readonly resource: PathResource
  readonly method: Method
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>
}

/**
 * The most specific resource that matches the path decides, literal segments before `{name}` before `{name+}`; its
 * own method before ANY. A resource without the method ends the search.
 */
export function matchRoute(deployment: Deployment, httpMethod: string, path: string): RouteMatch | undefined {
  const segments = path.split('/').slice(1)
  const candidates = [...deployment.resources.values()].flatMap(resource => {
    const match = matchPath(resource.path, segments)
    const serves = [...deployment.methods.values()].some(method => method.resourceId === resource.id)
    return match === undefined || !serves ? [] : [{ resource, ...match }]
  })
  const best = candidates.sort((a, b) => (a.rank < b.rank ? -1 : 1))[0]
  if (best === undefined) return undefined
  const method =
    deployment.methods.get(`${best.resource.id} ${httpMethod}`) ??
    deployment.methods.get(`${best.resource.id} ANY`)
  return method && { resource: best.resource, method, pathParameters: best.pathParameters }
}

/** The rank has one digit per segment (0 literal, 1 variable, 2 greedy): the smallest text is the most specific. */
function matchPath(template: string, segments: readonly string[]) {
  const parts = template.split('/').slice(1)
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
