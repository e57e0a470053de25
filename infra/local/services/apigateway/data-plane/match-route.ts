import { compilePath, matchPath, segmentsOf } from '../../../http-front/path-template.ts'
import type { Method, PathResource } from '../state.ts'

export type RouteMatch = {
  readonly resource: PathResource
  readonly method: Method
  /** As they stand in the path, percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>
}

/** Finds the method for a request; undefined when the API has none. */
export type Router = (httpMethod: string, path: string) => RouteMatch | undefined

/**
 * The most specific resource that matches the path decides, literal segments before `{name}` before `{name+}`; its
 * own method before ANY. A resource without the method ends the search. A slash at the end does not matter.
 */
export function createRouter(
  resources: ReadonlyMap<string, PathResource>,
  methods: ReadonlyMap<string, Method>,
): Router {
  const serving = new Set([...methods.values()].map(method => method.resourceId))
  const routes = [...resources.values()]
    .filter(resource => serving.has(resource.id))
    .map(resource => ({ resource, template: compilePath(resource.path) }))
    .sort((a, b) => (a.template.rank < b.template.rank ? -1 : 1))
  const byName = new Map(methods)
  return (httpMethod, path) => {
    const segments = segmentsOf(path)
    if (segments.length > 1 && segments.at(-1) === '') segments.pop()
    for (const { resource, template } of routes) {
      const pathParameters = matchPath(template, segments)
      if (pathParameters === undefined) continue
      const method = byName.get(`${resource.id} ${httpMethod}`) ?? byName.get(`${resource.id} ANY`)
      return method && { resource, method, pathParameters }
    }
    return undefined
  }
}
