import { type Route, type Service, ServiceError, UnsupportedError } from '../contract.ts'
import type { HttpRequest } from './http-request.ts'

export type Matched = {
  readonly service: Service
  readonly operation: string
  /** How the request and its answer are written. */
  readonly protocol: Service['protocol']
  readonly route?: Route
  readonly labels?: Readonly<Record<string, string>>
}

/** Finds who answers: by target header, by `Action` of a form, or by method and path, among those of a signing name. */
export function createRouter(services: readonly Service[]) {
  const compiled = services.flatMap(service =>
    (service.routes ?? []).map(route => ({ service, ...compile(route) })),
  )

  function byTarget(target: string, signingName: string | undefined): Matched {
    const dot = target.lastIndexOf('.')
    const operation = target.slice(dot + 1)
    const service =
      services.find(candidate => candidate.targetPrefix === target.slice(0, dot)) ??
      services.find(candidate => candidate.protocol === 'json' && candidate.signingName === signingName)
    if (service) return { service, operation, protocol: 'json' }
    throw new ServiceError('UnknownOperationException', `The local cloud does not support ${target}`, 400)
  }

  function byAction(action: string, signingName: string): Matched | undefined {
    const candidates = services.filter(service => service.signingName === signingName)
    if (candidates.some(service => service.routes || service.handle)) return undefined
    const service = candidates[0]
    if (!service) throw new UnsupportedError(`${action} of the service ${signingName}`)
    if (service.targetPrefix) throw new UnsupportedError(`${action} of ${service.name} in the query protocol`)
    return { service, operation: action, protocol: 'query' }
  }

  function byPath(method: string, path: string, among: (service: Service) => boolean): Matched | undefined {
    let best: (Matched & { readonly weight: number }) | undefined
    for (const { service, route, expression, names, weight } of compiled) {
      if (!among(service) || route.method !== method) continue
      const found = expression.exec(path)
      if (!found || (best && best.weight >= weight)) continue
      const labels = Object.fromEntries(names.map((name, n) => [name, decode(found[n + 1] ?? '')]))
      best = { service, operation: route.operation, protocol: 'rest-json', route, labels, weight }
    }
    return best
  }

  return {
    /** A signed request's operation. Throws what its service does not have, by name. */
    signed(request: HttpRequest, signingName: string, action: string | undefined): Matched {
      const { method, path, headers } = request
      const target = headers['x-amz-target']
      if (target !== undefined) return byTarget(target, signingName)
      if (headers['smithy-protocol'] !== undefined)
        throw new UnsupportedError(`the protocol ${headers['smithy-protocol']} (${path})`)
      const called = action === undefined ? undefined : byAction(action, signingName)
      const matched = called ?? byPath(method, path, service => service.signingName === signingName)
      if (matched) return matched
      const [service] = services.filter(candidate => candidate.signingName === signingName)
      if (service?.handle) return { service, operation: `${method} ${path}`, protocol: 'rest-xml' }
      throw new UnsupportedError(
        service ? `${method} ${path} of ${signingName}` : `the service ${signingName}`,
      )
    },
    /** An unsigned request: a call that needs no signature, or one for objects that everybody may read. */
    unsigned(request: HttpRequest, action: string | undefined): Matched | undefined {
      const target = request.headers['x-amz-target']
      if (target !== undefined) return byTarget(target, undefined)
      const { method, path } = request
      if (action !== undefined || byPath(method, path, () => true)) return undefined
      const objects = services.find(service => service.handle)
      return objects && { service: objects, operation: `${method} ${path}`, protocol: 'rest-xml' }
    },
    http(method: string, path: string) {
      for (const service of services) {
        const answer = service.http?.(method, path)
        if (answer) return answer
      }
      return undefined
    },
    /** In which protocol a service of this name reads failures. */
    protocolOf: (signingName: string | undefined) =>
      services.find(service => service.signingName === signingName)?.protocol,
  }
}

/** `/a/{B}/c` and `/tags/{arn+}`. Literal segments outweigh labels when several templates match. */
function compile(route: Route) {
  const names: string[] = []
  let weight = 0
  const source = route.path
    .split('/')
    .map(segment => {
      const label = /^\{([^}+]+)(\+?)\}$/.exec(segment)
      if (!label) {
        weight += 1
        return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      }
      names.push(label[1] ?? '')
      return label[2] ? '(.+)' : '([^/]+)'
    })
    .join('/')
  return { route, names, weight, expression: new RegExp(`^${source}/?$`) }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
