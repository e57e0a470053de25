import type { Server } from 'node:http'
import type { LocalCloud, ProvisionedResource, ResourceRequest, Service } from '../../contract.ts'
import { type AccountThrottle, createAccountThrottle } from '../../http-front/account-throttle.ts'
import { createLogLines } from '../../http-front/log-lines.ts'
import { stopFront } from '../../http-front/start-front.ts'
import { operations, routes } from './control-plane.ts'
import { serveApi } from './data-plane/serve-api.ts'
import type { Gateway } from './gateway.ts'
import { provideAccount } from './resources/account.ts'
import { provideAuthorizer } from './resources/authorizer.ts'
import { provideDeployment } from './resources/deployment.ts'
import { provideGatewayResponse } from './resources/gateway-response.ts'
import { provideMethod } from './resources/method.ts'
import { provideResource } from './resources/resource.ts'
import { provideRestApi } from './resources/rest-api.ts'
import { storeStage } from './resources/stage.ts'
import { restoreSnapshot, takeSnapshot } from './snapshot.ts'
import { newState } from './state.ts'
import { type KeyUsage, usageOf } from './usage.ts'

const DEFAULT_PROPAGATION_MS = 2_000

export type ApiGatewayOptions = {
  /** Port of each REST API by its name in the template. */
  readonly ports: Readonly<Record<string, number>>
  /** How long keys and plan associations take to reach the data plane, on the local clock. */
  readonly propagationMs?: number
  /** Shared with the HTTP APIs of the account. */
  readonly accountThrottle?: AccountThrottle
}

export type ApiGatewayService = Service & {
  /** What each key has used of its plan, for the console. */
  usage(): KeyUsage[]
}

/** API Gateway REST APIs: the control plane for keys and usage plans, and an HTTP server for each API with a stage. */
export function createApiGatewayService(cloud: LocalCloud, options: ApiGatewayOptions): ApiGatewayService {
  const gateway: Gateway = {
    cloud,
    state: newState(),
    propagationMs: options.propagationMs ?? DEFAULT_PROPAGATION_MS,
    accountThrottle: options.accountThrottle ?? createAccountThrottle(cloud.clock),
    logLines: createLogLines(cloud),
  }
  const servers = new Map<string, Server>()
  const provide =
    (provider: (gateway: Gateway, request: ResourceRequest) => ProvisionedResource) =>
    (request: ResourceRequest) =>
      provider(gateway, request)
  return {
    name: 'apigateway',
    signingName: 'apigateway',
    protocol: 'rest-json',
    routes: routes(),
    operations: operations(gateway),
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
        if (!servers.has(api.id)) servers.set(api.id, await serveApi(gateway, api, stage.name, port))
        return { ref: stage.name }
      },
    },
    usage: () => usageOf(gateway),
    snapshot: () => takeSnapshot(gateway.state),
    restore: snapshot => restoreSnapshot(gateway.state, snapshot),
    stop: async () => {
      await Promise.all([...servers.values()].map(stopFront))
    },
  }
}
