import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Answer, problemJson } from './answer.ts'
import { isForeign } from './origin.ts'
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
        const detail = error instanceof Error ? error.message : String(error)
        return problemJson({ status: 500, code: 'internal_error', title: 'The console failed', detail })
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
  if (isForeign(method, headers)) {
    const detail = 'The console answers only to its own pages and to tools on this machine.'
    return problemJson({ status: 403, code: 'foreign_origin', title: 'Not from here', detail })
  }
  const body = await read(request)
  if (body === undefined) {
    const detail = `A body has at most ${MAX_BODY_BYTES} bytes.`
    return problemJson({ status: 413, code: 'body_too_large', title: 'Too large', detail })
  }
  return await routes({
    method,
    url: request.url ?? '/',
    contentType: headers['content-type'] ?? '',
    accept: headers.accept ?? '',
    cookie: headers.cookie ?? '',
    body,
  })
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

/** Nothing from elsewhere and nothing inline. A form's `Origin` is only sent under a referrer policy that lets it. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

function write(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'cache-control': 'no-store', vary: 'Accept', ...headers })
  response.end(request.method === 'HEAD' ? undefined : body)
}
