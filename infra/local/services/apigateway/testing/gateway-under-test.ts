import { createClock, type LocalClock } from '../../../clock.ts'
import {
  type Identity,
  type InvokeResult,
  type LocalCloud,
  type LogLine,
  type OperationContext,
  RawResponse,
  ServiceError,
} from '../../../contract.ts'
import { freePorts } from '../../../testing/assembly.ts'
import { type ApiGatewayService, createApiGatewayService } from '../index.ts'

export const START = Date.UTC(2026, 10, 22, 15, 0, 0)
export const AUTHORIZER = 'arn:aws:lambda:us-east-1:000000000000:function:authorizer'
export const HANDLER = 'arn:aws:lambda:us-east-1:000000000000:function:handler'
export const KEY_VALUE = 'gateway-key-value-0001'

export type Invocation = {
  readonly functionArn: string
  readonly event: Record<string, unknown>
  readonly identity: Identity
}
type Answer = (event: Record<string, unknown>) => unknown

export type GatewayUnderTest = {
  readonly service: ApiGatewayService
  readonly clock: LocalClock
  readonly url: string
  readonly invocations: Invocation[]
  readonly logs: Record<string, string>[]
  /** What the service wrote into the journal. */
  readonly journal: string[]
  /** What the functions answer; a thrown error is a function error of its name. */
  readonly functions: { authorizer: Answer; handler: Answer; slow?: () => Promise<void> }
  call(operation: string, input: object): Promise<Record<string, unknown>>
  provide(
    type: string,
    properties: Record<string, unknown>,
    logicalId?: string,
  ): Promise<{ ref: string; attributes: Record<string, string> }>
  stop(): Promise<void>
}

export type Settings = {
  readonly propagationMs?: number
  readonly accountThrottle?: () => boolean
  readonly authorizer?: Record<string, unknown>
  readonly stage?: Record<string, unknown>
  readonly api?: Record<string, unknown>
  readonly method?: Record<string, unknown>
  readonly gatewayResponses?: readonly Record<string, unknown>[]
}

const LOG_FIELDS = [
  'status',
  'requestId',
  'extendedRequestId',
  'resourcePath',
  'authorizer.account',
  'error.responseType',
  'integration.status',
  'identity.apiKeyId',
]

/** An authorizer answer that allows the whole stage for one account and names its gateway key. */
export const allow = (more: Record<string, unknown> = {}) => ({
  principalId: 'acct_1',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: 'arn:aws:execute-api:us-east-1:000000000000:*/prod/*/*',
      },
    ],
  },
  context: { account: 'acct_1' },
  usageIdentifierKey: KEY_VALUE,
  ...more,
})

/** A service on a frozen clock with an API like Tollgate's, served on a free port. */
export async function gatewayUnderTest(settings: Settings = {}): Promise<GatewayUnderTest> {
  const clock = createClock({ mode: 'frozen', startAt: START })
  const invocations: Invocation[] = []
  const logs: Record<string, string>[] = []
  const journal: string[] = []
  const functions: GatewayUnderTest['functions'] = {
    authorizer: () => allow(),
    handler: () => ({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '{"ok":true}',
    }),
  }
  const cloud = fakeCloud({ clock, invocations, logs, journal, functions })
  const [port = 0] = await freePorts(1)
  const service = createApiGatewayService(cloud, {
    ports: { 'test-api': port },
    ...(settings.accountThrottle && { accountThrottle: settings.accountThrottle }),
    ...(settings.propagationMs === undefined ? {} : { propagationMs: settings.propagationMs }),
  })
  const context: OperationContext = { identity: { kind: 'root' }, requestId: 'r', authorize: () => {} }
  const gateway: GatewayUnderTest = {
    service,
    clock,
    url: `http://127.0.0.1:${port}`,
    invocations,
    logs,
    journal,
    functions,
    call: async (operation, input) => {
      const output = await service.operations[operation]?.(input, context)
      if (output instanceof RawResponse) throw failureOf(output)
      return output as Record<string, unknown>
    },
    provide: async (type, properties, logicalId = type.split(':').at(-1) ?? type) => {
      const resource = service.resources[type]
      if (resource === undefined) throw new Error(`no provider for ${type}`)
      const { ref, attributes = {} } = await resource({
        stackName: 's',
        logicalId,
        type,
        properties,
        assemblyDir: '/',
      })
      return { ref, attributes: { ...attributes } }
    },
    stop: async () => service.stop?.(),
  }
  await provision(gateway, settings)
  return gateway
}

/** A failure that the operation has written by itself, as the SDK would read it. */
function failureOf({ status, headers }: RawResponse): ServiceError {
  const details = { retryAfterSeconds: headers['retry-after'] }
  return new ServiceError(headers['x-amzn-errortype'] ?? '', 'refused', status, details)
}

function fakeCloud({
  clock,
  invocations,
  logs,
  journal,
  functions,
}: Pick<GatewayUnderTest, 'clock' | 'invocations' | 'logs' | 'journal' | 'functions'>): LocalCloud {
  const cloud: Partial<LocalCloud> = {
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    journal: entry => void journal.push(`${entry.summary} ${String(entry.detail ?? '')}`),
    async invoke(functionArn: string, payload: string, identity: Identity): Promise<InvokeResult> {
      const event = JSON.parse(payload) as Record<string, unknown>
      invocations.push({ functionArn, event, identity })
      const requestId = 'lambda-request'
      try {
        if (functionArn.endsWith('-slow')) await functions.slow?.()
        const answer = functionArn === AUTHORIZER ? functions.authorizer(event) : functions.handler(event)
        return { payload: typeof answer === 'string' ? answer : JSON.stringify(answer), requestId }
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        const failure = { errorType: error.name, errorMessage: error.message, trace: [] }
        return { payload: JSON.stringify(failure), functionError: 'Unhandled', requestId }
      }
    },
    putLogs(group: string, _stream: string, lines: readonly LogLine[]) {
      for (const line of lines) logs.push({ group, ...(JSON.parse(line.message) as Record<string, string>) })
    },
  }
  return cloud as LocalCloud
}

const invocationUri = (functionArn: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`

async function provision(gateway: GatewayUnderTest, settings: Settings): Promise<void> {
  const api = await gateway.provide('AWS::ApiGateway::RestApi', {
    Name: 'test-api',
    ApiKeySourceType: 'AUTHORIZER',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    ...settings.api,
  })
  const RestApiId = api.ref
  await gateway.provide('AWS::ApiGateway::Account', {
    CloudWatchRoleArn: 'arn:aws:iam::000000000000:role/logs',
  })
  const authorizer = await gateway.provide('AWS::ApiGateway::Authorizer', {
    RestApiId,
    Name: 'keys',
    Type: 'TOKEN',
    IdentitySource: 'method.request.header.Authorization',
    IdentityValidationExpression: '^Bearer tg_test_[0-9A-Za-z]{4}$',
    AuthorizerResultTtlInSeconds: 60,
    AuthorizerUri: invocationUri(AUTHORIZER),
    ...settings.authorizer,
  })
  const Integration = { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: invocationUri(HANDLER) }
  const resource = async (PathPart: string) =>
    (
      await gateway.provide('AWS::ApiGateway::Resource', {
        RestApiId,
        ParentId: api.attributes.RootResourceId,
        PathPart,
      })
    ).ref
  const method = (HttpMethod: string, ResourceId: string, more: object) =>
    gateway.provide('AWS::ApiGateway::Method', { RestApiId, ResourceId, HttpMethod, Integration, ...more })
  const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: authorizer.ref, ApiKeyRequired: true }
  await method('ANY', await resource('{proxy+}'), { ...guarded, ...settings.method })
  await method('GET', await resource('health'), { AuthorizationType: 'NONE' })
  for (const response of settings.gatewayResponses ?? []) {
    await gateway.provide('AWS::ApiGateway::GatewayResponse', { RestApiId, ...response })
  }
  const deployment = await gateway.provide('AWS::ApiGateway::Deployment', { RestApiId })
  const fields = LOG_FIELDS.map(name => `"${name}":"$context.${name}"`)
  await gateway.provide('AWS::ApiGateway::Stage', {
    RestApiId,
    DeploymentId: deployment.ref,
    StageName: 'prod',
    AccessLogSetting: {
      DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:access:*',
      Format: `{${fields.join(',')}}\n`,
    },
    ...settings.stage,
  })
}

/** A key in a plan with the given limits, already seen by the data plane. */
export async function attachKey(
  gateway: GatewayUnderTest,
  throttle: object = { rateLimit: 2, burstLimit: 5 },
) {
  const apis = (await gateway.call('GetRestApis', {})).item as { id: string }[]
  const apiStages = [{ apiId: apis[0]?.id, stage: 'prod' }]
  const key = await gateway.call('CreateApiKey', { value: KEY_VALUE, enabled: true, name: 'pool' })
  const plan = await gateway.call('CreateUsagePlan', { name: 'starter', throttle, apiStages })
  await gateway.call('CreateUsagePlanKey', { usageplanId: plan.id, keyId: key.id, keyType: 'API_KEY' })
  await gateway.clock.advanceTo(gateway.clock.now() + 2_000)
  return { keyId: String(key.id), planId: String(plan.id) }
}

/** A call with a well-formed key. */
export const callWithKey = (gateway: GatewayUnderTest, path = '/v1/phone', init: RequestInit = {}) =>
  fetch(`${gateway.url}${path}`, {
    ...init,
    headers: { authorization: 'Bearer tg_test_abcd', ...init.headers },
  })
