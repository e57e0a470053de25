import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { LocalCloud } from '../contract.ts'
import { close, listen } from '../ports.ts'
import type { FrontReply, FrontRequest } from './message.ts'
import { readRequest } from './read-request.ts'
import { sendReply } from './send-reply.ts'

/**
 * Request line and header values together; more is answered 431
 * (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html).
 */
const MAX_HEADER_BYTES = 10_240
/** docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html, http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024
const KEEP_ALIVE_MS = 60_000

export type Front = {
  /** The service, for the journal. */
  readonly source: string
  /** The API's name in the template. */
  readonly name: string
  readonly port: number
  /** Answers a request; `sent` runs when the caller has the reply. */
  readonly handle: (request: FrontRequest) => Promise<{ reply: FrontReply; sent(): void }>
}

/** Serves an API at `http://127.0.0.1:<port>`. The cloud is busy from the request until `sent` has run. */
export async function startFront(cloud: LocalCloud, front: Front): Promise<Server> {
  const options = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS }
  const server = createServer(options, (incoming, response) => {
    const done = cloud.clock.busy(`${incoming.method} ${incoming.url} on ${front.name}`)
    answer(cloud, front, incoming, response)
      .catch(error => {
        cloud.journal({ source: front.source, summary: 'request failed', detail: String(error) })
        response.destroy()
      })
      .finally(done)
  })
  await listen(server, front.port, front.name)
  return server
}

export const stopFront = (server: Server): Promise<void> => close(server)

async function answer(
  cloud: LocalCloud,
  front: Front,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming, MAX_BODY_BYTES)
  if (request === undefined) return
  const { reply, sent } = await front.handle(request)
  await sendReply(response, reply, cloud.clock.now())
  sent()
}
