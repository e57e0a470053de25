import type { LocalTime } from '../../contract.ts'
import type { PathTemplate } from '../../http-front/path-template.ts'
import type { ThrottleLimit, TokenBucket } from '../../http-front/token-bucket.ts'
import type { Template } from '../../http-front/variables.ts'
import type { Router } from './data-plane/match-route.ts'

/** Everything this service remembers: plain data in maps. */
export type HttpApiState = {
  readonly apis: Map<string, HttpApi>
  /** Token buckets by API and stage. */
  readonly buckets: Map<string, TokenBucket>
}

export type HttpApi = {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly endpoint: string
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: LocalTime
  readonly integrations: Map<string, Integration>
  readonly routes: Map<string, Route>
  /** Follows the routes: with automatic deployment a route is served as soon as it is there. */
  router: Router
  stage?: Stage
}

export type Integration = {
  readonly id: string
  readonly uri: string
  readonly functionArn: string
  readonly timeoutMs: number
  readonly credentials?: string
  readonly description?: string
}

export type Route = {
  readonly id: string
  /** `$default`, `GET /path`, `ANY /path/{name}` or `POST /path/{name+}`. */
  readonly routeKey: string
  readonly integrationId: string
  readonly operationName?: string
  /** Absent of `$default`, which takes what no other route does. */
  readonly matcher?: { readonly method: string; readonly path: PathTemplate }
}

export type Stage = {
  readonly name: '$default'
  readonly description?: string
  readonly variables: Readonly<Record<string, string>>
  readonly accessLog?: AccessLog
  readonly throttle?: ThrottleLimit
  readonly detailedMetrics: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: LocalTime
}

export type AccessLog = {
  readonly destinationArn: string
  readonly format: string
  readonly logGroup: string
  readonly template: Template
}
