import type { LocalTime } from '../../contract.ts'
import type { ThrottleLimit, TokenBucket } from '../../http-front/token-bucket.ts'
import type { Template } from '../../http-front/variables.ts'
import type { Router } from './data-plane/match-route.ts'
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
  /** `<planId>/<keyId>` → requests refused by the plan's throttle. */
  readonly throttled: Map<string, number>
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

export type PathResource = {
  readonly id: string
  readonly path: string
  /** Absent of the root. */
  readonly parent?: { readonly id: string; readonly pathPart: string }
}

export type Method = {
  readonly resourceId: string
  readonly httpMethod: string
  readonly apiKeyRequired: boolean
  readonly authorizationType: 'NONE' | 'CUSTOM'
  readonly authorizerId?: string
  readonly integration: Integration
}

export type Integration = {
  readonly uri: string
  readonly functionArn: string
  readonly timeoutMs: number
  readonly credentials?: string
}

export type Authorizer = {
  readonly id: string
  readonly name: string
  readonly type: 'TOKEN' | 'REQUEST'
  readonly uri: string
  readonly functionArn: string
  readonly credentials?: string
  /** `method.request.header.Authorization`, `context.…`, `stageVariables.…`, `method.request.querystring.…`. */
  readonly identitySources: readonly string[]
  readonly validation?: { readonly expression: string; readonly whole: RegExp }
  readonly resultTtlSeconds: number
}

export type GatewayResponse = {
  readonly statusCode?: number
  /** As given: `gatewayresponse.header.<name>` → expression, content type → body template. */
  readonly parameters: Readonly<Record<string, string>>
  readonly templates: Readonly<Record<string, string>>
  readonly headers: readonly { readonly name: string; readonly value: Template }[]
  readonly body?: { readonly contentType: string; readonly template: Template }
}

export type Deployment = {
  readonly id: string
  readonly description?: string
  readonly createdAt: LocalTime
  readonly router: Router
  readonly authorizers: ReadonlyMap<string, Authorizer>
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>
}

export type Stage = {
  readonly name: string
  readonly deploymentId: string
  readonly description?: string
  readonly variables: Readonly<Record<string, string>>
  readonly accessLog?: AccessLog
  /** `<METHOD or *><path or /*>` → limit, as the template's MethodSettings name them. */
  readonly throttles: ReadonlyMap<string, ThrottleLimit>
  readonly methodSettings: Readonly<Record<string, Record<string, unknown>>>
  readonly tracingEnabled: boolean
  readonly tags: Record<string, string>
  readonly createdAt: LocalTime
}

export type AccessLog = {
  readonly destinationArn: string
  readonly format: string
  readonly logGroup: string
  readonly logStream: string
  readonly template: Template
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
  throttled: new Map(),
  buckets: new Map(),
  authorizerCache: new Map(),
})
