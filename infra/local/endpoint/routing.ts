import type { Route, Service } from '../contract.ts'

export type Credential = { readonly accessKeyId: string; readonly signingName: string }

/** Reads the SigV4 credential scope from the `Authorization` header or a presigned query. Signatures are not checked. */
export function readCredential(
  authorization: string | undefined,
  query: URLSearchParams,
): Credential | undefined {
  const scope = /Credential=([^,\s]+)/.exec(authorization ?? '')?.[1] ?? query.get('X-Amz-Credential')
  const [accessKeyId, , , signingName] = (scope ?? '').split('/')
  return accessKeyId && signingName ? { accessKeyId, signingName } : undefined
}

export type Matched = {
  readonly service: Service
  readonly operation: string
  readonly route?: Route
  readonly labels?: Readonly<Record<string, string>>
}

/** Finds who answers: by target header, or by method and path among the services that share a signing name. */
export function createRouter(services: readonly Service[]) {
  const compiled = services.flatMap(service =>
    (service.routes ?? []).map(route => ({ service, ...compile(route) })),
  )

  return {
    byTarget(target: string): Matched | undefined {
      const dot = target.lastIndexOf('.')
      const service = services.find(candidate => candidate.targetPrefix === target.slice(0, dot))
      return service && { service, operation: target.slice(dot + 1) }
    },
    byPath(signingName: string, method: string, path: string): Matched | undefined {
      let best: (Matched & { readonly weight: number }) | undefined
      for (const { service, route, expression, names, weight } of compiled) {
        if (service.signingName !== signingName || route.method !== method) continue
        const found = expression.exec(path)
        if (!found || (best && best.weight >= weight)) continue
        const labels = Object.fromEntries(names.map((name, n) => [name, decode(found[n + 1] ?? '')]))
        best = { service, operation: route.operation, route, labels, weight }
      }
      return best
    },
    bySigningName: (signingName: string) => services.filter(service => service.signingName === signingName),
    http(method: string, path: string) {
      for (const service of services) {
        const answer = service.http?.(method, path)
        if (answer) return answer
      }
      return undefined
    },
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
