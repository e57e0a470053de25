import type { LocalTime } from '../../contract.ts'

/** Everything this service remembers: plain data in maps. */
export type HttpApiState = { readonly apis: Map<string, HttpApi> }

export type HttpApi = {
  readonly id: string
  readonly name: string
  readonly integrations: Map<string, Integration>
  readonly routes: Map<string, Route>
  stage?: Stage
}

export type Integration = {
  readonly functionArn: string
  readonly timeoutMs: number
  readonly credentials?: string
}

export type Route = {
  /** `$default`, `GET /path`, `ANY /path/{name}` or `POST /path/{name+}`. */
  readonly routeKey: string
  readonly integrationId: string
}

export type Stage = {
  readonly name: '$default'
  readonly variables: Readonly<Record<string, string>>
  readonly accessLog?: { readonly logGroup: string; readonly format: string }
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number }
  readonly bucket: { milliTokens: number; at: LocalTime }
}
