import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Identity, type LocalCloud, type Service, ServiceError, UnsupportedError } from '../contract.ts'
import { CutError } from '../faults.ts'
import { asServiceError, type Dispatcher } from './dispatch.ts'
import { readInput } from './read-input.ts'
import { createRouter, type Matched, readCredential } from './routing.ts'
import { send, writeError, writeOutput, writeQueryError } from './write-answer.ts'

/** More than any AWS payload of ours (Lambda's 6 MB, base64 encoded), so that limits are the services' own. */
const MAX_BODY_BYTES = 16 * 1024 * 1024

export type EndpointOptions = {
  readonly cloud: Pick<LocalCloud, 'clock' | 'journal'>
  readonly services: readonly Service[]
  readonly dispatch: Dispatcher
  readonly identityOf: (accessKeyId: string | undefined) => Identity
}

/** The AWS endpoint: every service on one port. The caller listens. */
export function createEndpoint({ cloud, services, dispatch, identityOf }: EndpointOptions): Server {
  const router = createRouter(services)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID()
    response.sendDate = false
    response.setHeader('date', new Date(cloud.clock.now()).toUTCString())
    let matched: Matched | undefined
    try {
      const body = await readBody(request)
      const url = new URL(request.url ?? '/', 'http://endpoint')
      const credential = readCredential(request.headers.authorization, url.searchParams)
      if (isQueryProtocol(request)) {
        refuseQuery(response, body, credential?.signingName, requestId)
        return
      }
      const target = header(request, 'x-amz-target')
      const plain = credential || target ? undefined : router.http(request.method ?? 'GET', url.pathname)
      if (plain) {
        send(response, plain.status, plain.headers, plain.body)
        return
      }
      matched = find(target, credential?.signingName, request.method ?? 'GET', url.pathname)
      const input = readInput(matched, { query: url.searchParams, headers: request.headers, body })
      const output = await dispatch({
        service: matched.service,
        operation: matched.operation,
        input,
        identity: identityOf(credential?.accessKeyId),
        requestId,
      })
      writeOutput(response, matched.service, output, matched.route?.status ?? 200, requestId)
    } catch (error) {
      if (error instanceof CutError) response.destroy()
      else if (!response.headersSent) writeError(response, matched?.service, asServiceError(error), requestId)
    }
  }

  function find(
    target: string | undefined,
    signingName: string | undefined,
    method: string,
    path: string,
  ): Matched {
    if (target) {
      const matched = router.byTarget(target)
      if (matched) return matched
      throw new ServiceError('UnknownOperationException', `The local cloud does not support ${target}`, 400)
    }
    if (!signingName)
      throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
    const matched = router.byPath(signingName, method, path)
    if (matched) return matched
    const known = router.bySigningName(signingName).length > 0
    throw new UnsupportedError(known ? `${method} ${path} of ${signingName}` : `the service ${signingName}`)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(error => {
      cloud.journal({ source: 'endpoint', summary: 'an answer could not be sent', detail: String(error) })
      response.destroy()
    })
  })
  // Warm SDK connections must not be cut while a function is idle between two invocations.
  server.keepAliveTimeout = 60_000
  return server
}

function refuseQuery(
  response: ServerResponse,
  body: Buffer,
  signingName: string | undefined,
  requestId: string,
): void {
  const action = new URLSearchParams(body.toString('utf8')).get('Action') ?? 'an action'
  const { message } = new UnsupportedError(`${action} of ${signingName ?? 'an unnamed service'}`)
  writeQueryError(response, new ServiceError('NotSupportedByLocalCloud', message, 501), requestId)
}

function isQueryProtocol(request: IncomingMessage): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) {
      throw new ServiceError(
        'RequestEntityTooLargeException',
        `Request must be smaller than ${MAX_BODY_BYTES} bytes`,
        413,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
