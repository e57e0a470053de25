import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ApiPorts } from './api/handle.ts'
import { createApi } from './api/handle.ts'
import type { Answer } from './api/idempotency.ts'
import type { Engine } from './engine/engine.ts'
import { handlePage } from './pages/handle-page.ts'
import { summarize } from './summarize.ts'

const MAX_BODY_BYTES = 1_048_576

export type RunningServer = { stop(): Promise<void> }

/** The engine on HTTP: `/v1` and `/v2` for the SDK, hosted pages for people, `/_local` for tools. */
export async function listen(
  engine: Engine,
  port: number,
  ports: ApiPorts & { wrote: () => void },
): Promise<RunningServer> {
  const api = createApi(engine, ports)
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request)
    if (body === undefined) return { status: 413, headers: {}, body: '' }
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const method = request.method ?? 'GET'
    if (url.pathname === '/_local/state' && method === 'GET') return json(summarize(engine))
    const page = handlePage(engine, { method, path: url.pathname, body })
    if (page !== undefined) return page
    return api({ method, path: url.pathname, query: url.search.slice(1), headers: flat(request), body })
  }
  const server = createServer((request, response) => {
    void answer(request)
      .catch(error => failed(error, ports))
      .then(result => {
        if (request.method !== 'GET') ports.wrote()
        send(engine, response, result)
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers carry the engine's time: clients compare it with what they sign and store. */
function send(engine: Engine, response: ServerResponse, answer: Answer): void {
  response.sendDate = false
  response.writeHead(answer.status, {
    date: new Date(engine.time.now()).toUTCString(),
    'content-length': Buffer.byteLength(answer.body),
    ...answer.headers,
  })
  response.end(answer.body)
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function flat(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

function json(body: unknown): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body, null, 2) }
}

function failed(error: unknown, ports: ApiPorts): Answer {
  const detail = error instanceof Error ? error.stack : String(error)
  ports.journal({ source: 'stripe', summary: 'failed to answer a request', detail })
  return {
    status: 500,
    headers: { 'content-type': 'text/plain' },
    body: 'The local Stripe failed to answer; see its journal.',
  }
}
