import { badRequest, notFound } from '../errors.ts'
import type { Gateway } from '../gateway.ts'

export type Tagged = {
  readonly tags: Readonly<Record<string, string>>
  /** Stores other tags; absent where only the template can change them. */
  readonly store?: (tags: Record<string, string>) => void
}

/** What an ARN such as `arn:aws:apigateway:us-east-1::/usageplans/abc` names. */
export function findTagged(gateway: Gateway, arn: string | undefined): Tagged {
  const { state } = gateway
  const path = /^arn:[\w-]+:apigateway:[\w-]*::\/(.+)$/.exec(arn ?? '')?.[1]
  if (path === undefined) throw badRequest('Invalid ARN specified in the request')
  const [kind, id = '', ...rest] = path.split('/')
  const key = kind === 'apikeys' && rest.length === 0 ? state.keys.get(id) : undefined
  if (key) return { tags: key.tags, store: tags => void state.keys.set(id, { ...key, tags }) }
  const plan = kind === 'usageplans' && rest.length === 0 ? state.plans.get(id) : undefined
  if (plan) return { tags: plan.tags, store: tags => void state.plans.set(id, { ...plan, tags }) }
  const api = kind === 'restapis' ? state.apis.get(id) : undefined
  const tagged = rest[0] === 'stages' ? api?.stages.get(rest[1] ?? '') : rest.length === 0 ? api : undefined
  if (tagged === undefined) throw notFound('Invalid resource identifier specified')
  return { tags: tagged.tags }
}
