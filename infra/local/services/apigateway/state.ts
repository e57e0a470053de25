import type { LocalTime } from '../../contract.ts'
import type { ThrottleLimit, TokenBucket } from './token-bucket.ts'
import type { Versions } from './versions.ts'

/** Everything this service remembers: plain data in maps. */
export type ApiGatewayState = {
  readonly account: { cloudwatchRoleArn?: string }
  readonly apis: Map<string, RestApi>
  readonly keys: Map<string, ApiKey>
  readonly plans: Map<string, UsagePlan>
  /** Plan id → ids of its keys, in the order they were attached. */
  readonly planKeys: Map<string, Set<string>>
  readonly dataPlane: DataPlane
  /** `<planId>/<keyId>` → UTC day → accepted requests. */
  readonly usage: Map<string, Map<string, number>>
  /** Token buckets by plan and key, or by stage and method setting. */
  readonly buckets: Map<string, TokenBucket>
  readonly authorizerCache: Map<string, CachedAuthorization>
}

/** The propagated view of keys and plans that requests are checked against. */
export type DataPlane = {
  /** By key value: API Gateway looks the caller's key up by what it sends. */
  readonly keys: Versions<{ readonly id: string; readonly enabled: boolean }>
  readonly plans: Versions<{ readonly apiStages: readonly ApiStage[]; readonly throttle?: ThrottleLimit }>
  /** Key id → plan ids. */
  readonly keyPlans: Versions<readonly string[]>
}

export type RestApi = {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly rootResourceId: string
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER'
  readonly binaryMediaTypes: readonly string[]
  readonly endpointTypes: readonly string[]
  readonly disableExecuteApiEndpoint: boolean
  readonly tags: Record<string, string>
  readonly createdAt: LocalTime
  /** What the template has defined so far. A deployment copies it; later changes need a new deployment. */
  readonly resources: Map<string, PathResource>
  readonly methods: Map<string, Method>
  readonly authorizers: Map<string, Authorizer>
  readonly gatewayResponses: Map<string, GatewayResponse>
  readonly deployments: Map<string, Deployment>
  readonly stages: Map<string, Stage>
}

export type PathResource = { readonly id: string; readonly path: string }

export type Method = {
  readonly resourceId: string
  readonly httpMethod: string
  readonly apiKeyRequired: boolean
  readonly authorizationType: 'NONE' | 'CUSTOM'
  readonly authorizerId?: string
  readonly integration: Integration
}

export type Integration = {
  readonly functionArn: string
  readonly timeoutMs: number
  readonly credentials?: string
}

export type Authorizer = {
  readonly id: string
  readonly type: 'TOKEN' | 'REQUEST'
  readonly functionArn: string
  readonly credentials?: string
  /** `method.request.header.Authorization`, `context.…`, `stageVariables.…`, `method.request.querystring.…`. */
  readonly identitySources: readonly string[]
  readonly identityValidationExpression?: string
  readonly resultTtlSeconds: number
}

export type GatewayResponse = {
  readonly statusCode?: number
  /** Header name → expression: `'static'`, `context.…`, `method.request.header.…`, `stageVariables.…`. */
  readonly headers: Readonly<Record<string, string>>
  /** Content type → body template. */
  readonly templates: Readonly<Record<string, string>>
}

export type Deployment = {
  readonly id: string
  readonly createdAt: LocalTime
  readonly resources: ReadonlyMap<string, PathResource>
  readonly methods: ReadonlyMap<string, Method>
  readonly authorizers: ReadonlyMap<string, Authorizer>
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>
}

export type Stage = {
  readonly name: string
  readonly deploymentId: string
  readonly description?: string
  readonly variables: Readonly<Record<string, string>>
  readonly accessLog?: { readonly destinationArn: string; readonly logGroup: string; readonly format: string }
  /** `<METHOD or *><path or /*>` → limit, as the template's MethodSettings name them. */
  readonly throttles: ReadonlyMap<string, ThrottleLimit>
  readonly methodSettings: Readonly<Record<string, Record<string, unknown>>>
  readonly tracingEnabled: boolean
  readonly tags: Record<string, string>
  readonly createdAt: LocalTime
}

export type ApiKey = {
  readonly id: string
  readonly value: string
  readonly name?: string
  readonly description?: string
  readonly customerId?: string
  readonly enabled: boolean
  readonly createdAt: LocalTime
  readonly lastUpdatedAt: LocalTime
  readonly tags: Record<string, string>
}

export type ApiStage = { readonly apiId: string; readonly stage: string }

export type UsagePlan = {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly apiStages: readonly ApiStage[]
  readonly throttle?: ThrottleLimit
  readonly tags: Record<string, string>
}

export type CachedAuthorization = { readonly expiresAt: LocalTime; readonly answer: AuthorizerAnswer }

/** A well-formed answer of an authorizer function. */
export type AuthorizerAnswer = {
  readonly principalId: string
  readonly policy: readonly PolicyStatement[]
  readonly context: Readonly<Record<string, string>>
  readonly usageIdentifierKey?: string
}

export type PolicyStatement = {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

export const newState = (): ApiGatewayState => ({
  account: {},
  apis: new Map(),
  keys: new Map(),
  plans: new Map(),
  planKeys: new Map(),
  dataPlane: { keys: new Map(), plans: new Map(), keyPlans: new Map() },
  usage: new Map(),
  buckets: new Map(),
  authorizerCache: new Map(),
})
