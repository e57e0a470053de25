import type { Server } from 'node:http'
import { type FrontReply, type FrontRequest, headerValue } from '../../../http-front/message.ts'
import { startFront } from '../../../http-front/start-front.ts'
import type { Gateway } from '../gateway.ts'
import type { RestApi } from '../state.ts'
import { handleRequest } from './handle-request.ts'

/**
 * Serves a REST API on a local port. The port is what a custom domain with an empty base path is on AWS: it maps to
 * the API's first stage, and no stage stands in the path. (It could not: with a resource `{proxy+}`, `/prod/x` is a
 * path of the API itself.) A request whose `Host` is `<api id>.execute-api.…`, as in
 * `http://<api id>.execute-api.localhost:<port>/<stage>/x`, has the stage first, as at the real address.
 */
export function serveApi(gateway: Gateway, api: RestApi, firstStage: string, port: number): Promise<Server> {
  const ownHost = `${api.id}.execute-api.`
  return startFront(gateway.cloud, {
    source: 'apigateway',
    name: api.name,
    port,
    async handle(request) {
      const direct = (headerValue(request, 'host') ?? '').toLowerCase().startsWith(ownHost)
      const called = direct ? splitStage(request) : { stageName: firstStage, request }
      const stage = api.stages.get(called.stageName)
      if (stage === undefined || (direct && api.disableExecuteApiEndpoint)) {
        return { reply: FORBIDDEN, sent: () => undefined }
      }
      return handleRequest(gateway, api, stage, called.request)
    },
  })
}

/** The answer of the execute-api host for a stage that is not there, or for an API that is not served at it. */
const FORBIDDEN: FrontReply = {
  status: 403,
  headers: [
    ['x-amzn-ErrorType', 'ForbiddenException'],
    ['Content-Type', 'application/json'],
  ],
  body: '{"message":"Forbidden"}',
}

function splitStage(request: FrontRequest): { stageName: string; request: FrontRequest } {
  const [, stageName = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(request.path) ?? []
  return { stageName, request: { ...request, path: rest === '' ? '/' : rest } }
}
