import type { Server } from 'node:http'
import type { LocalCloud, Service } from '../../contract.ts'
import { startServer, stopServer } from './data-plane/start-server.ts'
import { provideApi } from './resources/api.ts'
import { provideIntegration } from './resources/integration.ts'
import { provideRoute } from './resources/route.ts'
import { storeStage } from './resources/stage.ts'
import type { HttpApiState } from './state.ts'

export type HttpApiOptions = {
  /** Port of each HTTP API by its name in the template. */
  readonly ports: Readonly<Record<string, number>>
}

/** API Gateway HTTP APIs in front of Lambda functions: one HTTP server per provisioned `$default` stage. */
export function createHttpApiService(cloud: LocalCloud, options: HttpApiOptions): Service {
  const state: HttpApiState = { apis: new Map() }
  const servers: Server[] = []
  return {
    name: 'apigatewayv2',
    // The control planes of both generations sign as `apigateway`; this one has no operations and is only provisioned.
    signingName: 'apigatewayv2',
    protocol: 'rest-json',
    routes: [],
    operations: {},
    resources: {
      'AWS::ApiGatewayV2::Api': request => provideApi(state, request, options.ports),
      'AWS::ApiGatewayV2::Integration': request => provideIntegration(state, request),
      'AWS::ApiGatewayV2::Route': request => provideRoute(state, request),
      'AWS::ApiGatewayV2::Stage': async request => {
        const api = storeStage(state, request)
        servers.push(await startServer(cloud, api, options.ports[api.name] ?? 0))
        return { ref: '$default' }
      },
    },
    stop: async () => {
      await Promise.all(servers.map(stopServer))
    },
  }
}
