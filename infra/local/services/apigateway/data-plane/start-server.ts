import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Gateway } from '../gateway.ts'
import type { RestApi, Stage } from '../state.ts'
import type { GatewayReply, GatewayRequest } from './exchange.ts'
import { handleRequest } from './handle-request.ts'

/** docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024

/** Serves a stage at the root of `http://127.0.0.1:<port>`. Rejects when the port is taken. */
export async function startServer(
  gateway: Gateway,
  api: RestApi,
  stageName: string,
  port: number,
): Promise<Server> {
  const server = createServer((incoming, response) => {
    const done = gateway.cloud.clock.busy(`${incoming.method} ${incoming.url} on ${api.name}`)
    const stage = api.stages.get(stageName)
    answer(gateway, api, stage, incoming, response)
      .catch(error => {
        gateway.cloud.journal({ source: 'apigateway', summary: 'request failed', detail: String(error) })
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
      .finally(done)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return server
}

export async function stopServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>(resolve => server.close(() => resolve()))
}

async function answer(
  gateway: Gateway,
  api: RestApi,
  stage: Stage | undefined,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (stage === undefined) throw new Error(`API ${api.name} has lost its stage`)
  const body = await readBody(incoming)
  const handled = await handleRequest(gateway, api, stage, toRequest(incoming, body))
  await send(gateway, response, handled.reply, incoming.method === 'HEAD')
  handled.log()
}

function toRequest(incoming: IncomingMessage, body: Buffer | undefined): GatewayRequest {
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  const raw = incoming.rawHeaders
  const headers = Array.from(
    { length: Math.floor(raw.length / 2) },
    (_, index) => [raw[index * 2] ?? '', raw[index * 2 + 1] ?? ''] as const,
  )
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body,
    sourceIp: (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    protocol: `HTTP/${incoming.httpVersion}`,
  }
}

/** Undefined when the body is larger than the limit; the rest of it is read and thrown away. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    else chunks.length = 0
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks)
}

/** Resolves when the reply is handed over, or when the caller has gone away. */
async function send(
  gateway: Gateway,
  response: ServerResponse,
  reply: GatewayReply,
  head: boolean,
): Promise<void> {
  const names = new Map<string, { name: string; values: string[] }>()
  for (const [name, value] of reply.headers) {
    const entry = names.get(name.toLowerCase()) ?? { name, values: [] }
    entry.values.push(value)
    names.set(name.toLowerCase(), entry)
  }
  response.sendDate = false
  response.statusCode = reply.status
  response.setHeader('Date', new Date(gateway.cloud.clock.now()).toUTCString())
  for (const { name, values } of names.values()) {
    const [first, ...more] = values
    if (first !== undefined) response.setHeader(name, more.length > 0 ? values : first)
  }
  const bodyless = head || reply.status === 204 || reply.status === 304
  if (!bodyless || head) response.setHeader('Content-Length', reply.body.length)
  await new Promise<void>(resolve => {
    response.once('close', resolve)
    response.end(bodyless ? undefined : reply.body, () => resolve())
  })
}
