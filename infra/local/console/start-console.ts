import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Answer, problem } from './answer.ts'
import { createRoutes } from './routes.ts'
import type { ConsoleSources } from './sources.ts'

const HOST = '127.0.0.1'
const MAX_BODY_BYTES = 10_000

export type RunningConsole = { readonly url: string; close(): Promise<void> }

/** Serves the console on the loopback interface. Port 0 takes a free one. */
export async function startConsole(
  sources: ConsoleSources,
  options: { port: number },
): Promise<RunningConsole> {
  const routes = createRoutes(sources)
  const server = createServer((request, response) => {
    answer(routes, request)
      .catch(error => {
        return problem(
          500,
          'internal_error',
          'The console failed',
          error instanceof Error ? error.message : String(error),
        )
      })
      .then(result => write(request, response, result))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, HOST, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    url: `http://${HOST}:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(routes: ReturnType<typeof createRoutes>, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', headers } = request
  if (isForeign(headers.host, headers.origin)) {
    return problem(
      403,
      'foreign_origin',
      'Not from here',
      'The console answers only to pages and tools of this machine.',
    )
  }
  const body = await read(request)
  if (body === undefined)
    return problem(413, 'body_too_large', 'Too large', `A body has at most ${MAX_BODY_BYTES} bytes.`)
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  return await routes({ method, path, contentType: headers['content-type'] ?? '', body })
}

/** A page of another site must not move the clock or read codes, be it by a form or by a name that points here. */
function isForeign(host: string | undefined, origin: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '')
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(name)) return true
  return origin !== undefined && origin !== `http://${host}`
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString()
}

function write(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(request.method === 'HEAD' ? undefined : body)
}
