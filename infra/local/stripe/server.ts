import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock, LocalCloud } from '../contract.ts'
import { CutError, FaultError } from '../faults.ts'
import { routeOf } from './api/execute.ts'
import { type ApiPorts, type ApiRequest, createApi, failure } from './api/handle.ts'
import type { Answer } from './api/idempotency.ts'
import { answerControl } from './control/answer-control.ts'
import type { Engine } from './engine/engine.ts'
import { Fault } from './engine/fault.ts'
import { newId } from './engine/ids.ts'
import { handlePage } from './pages/handle-page.ts'

const MAX_BODY_BYTES = 1_048_576

export type RunningServer = { stop(): Promise<void> }

export type ServerPorts = ApiPorts & {
  readonly clock: Pick<Clock, 'wrote' | 'busy'>
  readonly faults: Pick<LocalCloud['faults'], 'call'> | undefined
}

/** The engine on HTTP: `/v1` and `/v2` for the SDK, hosted pages for people, `/_local` for tools. */
export async function listen(engine: Engine, port: number, ports: ServerPorts): Promise<RunningServer> {
  const api = createApi(engine, ports)

  /** One API call through the fault switches. `undefined`: the connection ends without an answer. */
  const call = async (request: ApiRequest): Promise<Answer | undefined> => {
    const matched = routeOf(request)
    const operation = `${request.method} ${matched?.route.path ?? request.path}`
    const point = { service: 'stripe', operation, ...(matched?.id ? { resource: matched.id } : {}) }
    try {
      if (ports.faults === undefined) return api(request)
      return await ports.faults.call(point, async () => api(request))
    } catch (error) {
      if (error instanceof CutError) return undefined
      if (error instanceof FaultError) return refusedByFault(engine, error)
      throw error
    }
  }

  const answer = async (request: IncomingMessage): Promise<Answer | undefined> => {
    const body = await readBody(request)
    const method = request.method ?? 'GET'
    const { path, query } = splitUrl(request.url ?? '/')
    if (body === undefined) return tooLarge(engine)
    const done = ports.clock.busy(`stripe ${method} ${path}`)
    try {
      const inside = { method, path, query, headers: flat(request), body }
      return answerControl(engine, inside) ?? handlePage(engine, inside) ?? (await call(inside))
    } finally {
      if (method !== 'GET') ports.clock.wrote()
      done()
    }
  }

  const server = createServer((request, response) => {
    void answer(request)
      .catch(error => failed(engine, error, ports))
      .then(result => {
        if (result === undefined) request.socket.destroy()
        else send(engine, response, result)
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
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8')
}

/** Path and query as sent; proxies and odd clients may send the whole address. */
function splitUrl(url: string): { path: string; query: string } {
  const local = url.replace(/^https?:\/\/[^/?]*/i, '')
  const at = local.indexOf('?')
  if (at === -1) return { path: local === '' ? '/' : local, query: '' }
  return { path: at === 0 ? '/' : local.slice(0, at), query: local.slice(at + 1) }
}

function flat(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

function refusedByFault(engine: Engine, error: FaultError): Answer {
  const type =
    error.status >= 500 ? 'api_error' : error.status === 402 ? 'card_error' : 'invalid_request_error'
  return errorAnswer(engine, new Fault(error.status, type, error.message, { code: error.code }))
}

function tooLarge(engine: Engine): Answer {
  return errorAnswer(engine, new Fault(413, 'invalid_request_error', 'The request body is too large.'))
}

function failed(engine: Engine, error: unknown, ports: ApiPorts): Answer {
  const detail = error instanceof Error ? error.stack : String(error)
  ports.journal({ source: 'stripe', summary: 'failed to answer a request', detail })
  return errorAnswer(
    engine,
    new Fault(500, 'api_error', 'The local Stripe failed to answer; see its journal.', {
      shouldRetry: false,
    }),
  )
}

function errorAnswer(engine: Engine, fault: Fault): Answer {
  const requestId = newId(engine.state, 'req_', 14)
  return failure(fault, requestId, { 'content-type': 'application/json', 'request-id': requestId })
}
