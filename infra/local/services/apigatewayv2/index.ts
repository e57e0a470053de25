import type { Server } from 'node:http'
import type { LocalCloud, ProvisionedResource, ResourceRequest, Service } from '../../contract.ts'
import { type AccountThrottle, createAccountThrottle } from '../../http-front/account-throttle.ts'
import { createLogLines } from '../../http-front/log-lines.ts'
import { stopFront } from '../../http-front/start-front.ts'
import { operations, routes } from './control-plane.ts'
import { serveApi } from './data-plane/serve-api.ts'
import type { HttpApis } from './http-apis.ts'
import { provideApi } from './resources/api.ts'
import { provideIntegration } from './resources/integration.ts'
import { provideRoute } from './resources/route.ts'
import { storeStage } from './resources/stage.ts'
import { restoreSnapshot, takeSnapshot } from './snapshot.ts'

export type HttpApiOptions = {
  /** Port of each HTTP API by its name in the template. */
  readonly ports: Readonly<Record<string, number>>
  /** Shared with the REST APIs of the account. */
  readonly accountThrottle?: AccountThrottle
}

/** API Gateway HTTP APIs in front of Lambda functions: one HTTP server per provisioned `$default` stage. */
export function createHttpApiService(cloud: LocalCloud, options: HttpApiOptions): Service {
  const service: HttpApis = {
    cloud,
    state: { apis: new Map(), buckets: new Map() },
    accountThrottle: options.accountThrottle ?? createAccountThrottle(cloud.clock),
    logLines: createLogLines(cloud),
  }
  const servers: Server[] = []
  const provide =
    (provider: (service: HttpApis, request: ResourceRequest) => ProvisionedResource) =>
    (request: ResourceRequest) =>
      provider(service, request)
  return {
    name: 'apigatewayv2',
    // Both generations of the control plane sign as `apigateway`; the paths tell them apart.
    signingName: 'apigateway',
    protocol: 'rest-json',
    routes: routes(),
    operations: operations(service),
    resources: {
      'AWS::ApiGatewayV2::Api': request => provideApi(service, request, options.ports),
      'AWS::ApiGatewayV2::Integration': provide(provideIntegration),
      'AWS::ApiGatewayV2::Route': provide(provideRoute),
      'AWS::ApiGatewayV2::Stage': async request => {
        const { api, stage } = storeStage(service, request)
        servers.push(await serveApi(service, api, stage, options.ports[api.name] ?? 0))
        return { ref: stage.name }
      },
    },
    snapshot: () => takeSnapshot(service.state),
    restore: snapshot => restoreSnapshot(service.state, snapshot),
    stop: async () => {
      await Promise.all(servers.map(stopFront))
    },
  }
}
