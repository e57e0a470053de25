import type { Server } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { LocalCloud, Operation, ProvisionedResource, ResourceRequest, Service } from '../../contract.ts'
import { controlPlaneLimits } from './control-plane-limits.ts'
import { startServer, stopServer } from './data-plane/start-server.ts'
import type { ControlOperation, Gateway } from './gateway.ts'
import { createApiKey } from './operations/create-api-key.ts'
import { createUsagePlan } from './operations/create-usage-plan.ts'
import { createUsagePlanKey } from './operations/create-usage-plan-key.ts'
import { deleteApiKey } from './operations/delete-api-key.ts'
import { deleteUsagePlan } from './operations/delete-usage-plan.ts'
import { deleteUsagePlanKey } from './operations/delete-usage-plan-key.ts'
import { getApiKey } from './operations/get-api-key.ts'
import { getApiKeys } from './operations/get-api-keys.ts'
import { getRestApi } from './operations/get-rest-api.ts'
import { getRestApis } from './operations/get-rest-apis.ts'
import { getStage } from './operations/get-stage.ts'
import { getStages } from './operations/get-stages.ts'
import { getUsage } from './operations/get-usage.ts'
import { getUsagePlan } from './operations/get-usage-plan.ts'
import { getUsagePlanKey } from './operations/get-usage-plan-key.ts'
import { getUsagePlanKeys } from './operations/get-usage-plan-keys.ts'
import { getUsagePlans } from './operations/get-usage-plans.ts'
import { updateApiKey } from './operations/update-api-key.ts'
import { updateUsagePlan } from './operations/update-usage-plan.ts'
import { readInput } from './read-input.ts'
import { provideAccount } from './resources/account.ts'
import { provideAuthorizer } from './resources/authorizer.ts'
import { provideDeployment } from './resources/deployment.ts'
import { provideGatewayResponse } from './resources/gateway-response.ts'
import { provideMethod } from './resources/method.ts'
import { provideResource } from './resources/resource.ts'
import { provideRestApi } from './resources/rest-api.ts'
import { storeStage } from './resources/stage.ts'
import { newState } from './state.ts'

const DEFAULT_PROPAGATION_MS = 2_000

export type ApiGatewayOptions = {
  /** Port of each REST API by its name in the template. */
  readonly ports: Readonly<Record<string, number>>
  /** How long keys and plan associations take to reach the data plane, on the local clock. */
  readonly propagationMs?: number
}

export type ApiGatewayService = Service & {
  /** Accepted requests per gateway key, for the console. */
  usage(): { planId: string; planName: string; keyId: string; keyName: string; total: number }[]
}

// biome-ignore lint/suspicious/noExplicitAny: a table of operations with different inputs and outputs.
const OPERATIONS: Readonly<Record<string, ControlOperation<any, unknown>>> = {
  CreateApiKey: createApiKey,
  GetApiKey: getApiKey,
  GetApiKeys: getApiKeys,
  UpdateApiKey: updateApiKey,
  DeleteApiKey: deleteApiKey,
  CreateUsagePlan: createUsagePlan,
  GetUsagePlan: getUsagePlan,
  GetUsagePlans: getUsagePlans,
  UpdateUsagePlan: updateUsagePlan,
  DeleteUsagePlan: deleteUsagePlan,
  CreateUsagePlanKey: createUsagePlanKey,
  GetUsagePlanKey: getUsagePlanKey,
  GetUsagePlanKeys: getUsagePlanKeys,
  DeleteUsagePlanKey: deleteUsagePlanKey,
  GetUsage: getUsage,
  GetRestApis: getRestApis,
  GetRestApi: getRestApi,
  GetStages: getStages,
  GetStage: getStage,
}

/** API Gateway REST APIs: the control plane for keys and usage plans, and an HTTP server per provisioned stage. */
export function createApiGatewayService(cloud: LocalCloud, options: ApiGatewayOptions): ApiGatewayService {
  const propagationMs = options.propagationMs ?? DEFAULT_PROPAGATION_MS
  const gateway: Gateway = { cloud, state: newState(), propagationMs }
  const limit = controlPlaneLimits(
    () => cloud.clock.now(),
    () => performance.now(),
  )
  const servers: Server[] = []
  const provide =
    (provider: (gateway: Gateway, request: ResourceRequest) => ProvisionedResource) =>
    (request: ResourceRequest) =>
      provider(gateway, request)
  return {
    name: 'apigateway',
    signingName: 'apigateway',
    protocol: 'rest-json',
    routes: Object.entries(OPERATIONS).map(([operation, { method, path, status }]) => ({
      operation,
      method,
      path,
      status: status ?? 200,
    })),
    operations: Object.fromEntries(
      Object.entries(OPERATIONS).map(([name, operation]) => [name, bind(gateway, name, operation, limit)]),
    ),
    resources: {
      'AWS::ApiGateway::RestApi': provide(provideRestApi),
      'AWS::ApiGateway::Resource': provide(provideResource),
      'AWS::ApiGateway::Method': provide(provideMethod),
      'AWS::ApiGateway::Authorizer': provide(provideAuthorizer),
      'AWS::ApiGateway::GatewayResponse': provide(provideGatewayResponse),
      'AWS::ApiGateway::Deployment': provide(provideDeployment),
      'AWS::ApiGateway::Account': provide(provideAccount),
      'AWS::ApiGateway::Stage': async request => {
        const { api, stage } = storeStage(gateway, request)
        const port = options.ports[api.name]
        if (port === undefined) throw new Error(`No port is configured for the REST API ${api.name}`)
        servers.push(await startServer(gateway, api, stage.name, port))
        return { ref: stage.name }
      },
    },
    usage: () => usageOf(gateway),
    stop: async () => {
      await Promise.all(servers.map(stopServer))
    },
  }
}

/** Rate limit, parameters, permission, effect: what every operation has in common. */
function bind(
  gateway: Gateway,
  name: string,
  operation: ControlOperation<Record<string, unknown>, unknown>,
  limit: (operation: string) => void,
): Operation {
  return (given, context) => {
    const input = readInput(name, given, operation.parameters)
    context.authorize(`apigateway:${operation.method}`, resourceArn(gateway, operation, input))
    limit(name)
    return operation.run(gateway, input, context)
  }
}

/** IAM knows the control plane by HTTP method and path: `arn:aws:apigateway:us-east-1::/usageplans/abc/keys`. */
function resourceArn(
  gateway: Gateway,
  operation: ControlOperation<Record<string, unknown>, unknown>,
  input: Record<string, unknown>,
): string {
  const byWire = new Map(
    Object.entries(operation.parameters).map(([name, parameter]) => [parameter.wire ?? name, input[name]]),
  )
  const path = operation.path.replace(/\{(\w+)\}/g, (_whole, wire: string) => String(byWire.get(wire) ?? ''))
  return `arn:aws:apigateway:${gateway.cloud.region}::${path}`
}

function usageOf({ state }: Gateway): ReturnType<ApiGatewayService['usage']> {
  return [...state.usage].map(([name, days]) => {
    const [planId = '', keyId = ''] = name.split('/')
    return {
      planId,
      planName: state.plans.get(planId)?.name ?? '',
      keyId,
      keyName: state.keys.get(keyId)?.name ?? '',
      total: [...days.values()].reduce((sum, count) => sum + count, 0),
    }
  })
}
