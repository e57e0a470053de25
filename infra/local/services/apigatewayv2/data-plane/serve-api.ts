import type { Server } from 'node:http'
import { startFront } from '../../../http-front/start-front.ts'
import type { HttpApis } from '../http-apis.ts'
import type { HttpApi, Stage } from '../state.ts'
import { handleRequest } from './handle-request.ts'

/** Serves an API's `$default` stage, which stands in no path. */
export function serveApi(service: HttpApis, api: HttpApi, stage: Stage, port: number): Promise<Server> {
  return startFront(service.cloud, {
    source: 'apigatewayv2',
    name: api.name,
    port,
    handle: request => handleRequest(service, api, stage, request),
  })
}
