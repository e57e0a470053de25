import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type HttpAnswer, type Identity, type LocalCloud, type Service, ServiceError } from '../contract.ts'
import { CutError } from '../faults.ts'
import { ANONYMOUS } from '../iam/anonymous.ts'
import { authenticate } from './authenticate.ts'
import { asServiceError, type Dispatcher } from './dispatch.ts'
import { actionOf, isForm } from './form.ts'
import { decodeBody, type HttpRequest, readRequest } from './http-request.ts'
import { readInput, writeFailure, writeOutput } from './protocols/exchange.ts'
import { createRouter, type Matched } from './routing.ts'
import { readSigned, signedFor } from './signature/credential.ts'

export type EndpointOptions = {
  readonly cloud: Pick<LocalCloud, 'clock' | 'journal'>
  readonly services: readonly Service[]
  readonly dispatch: Dispatcher
  readonly identityOf: (accessKeyId: string | undefined) => Identity
}

/** The AWS endpoint: every service on one port. The caller listens. */
export function createEndpoint({ cloud, services, dispatch, identityOf }: EndpointOptions): Server {
  const router = createRouter(services)

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID()
    let request: HttpRequest | undefined
    let answer: HttpAnswer
    try {
      request = await readRequest(incoming)
      answer = await answerTo(request, requestId)
    } catch (error) {
      if (error instanceof CutError || response.destroyed) {
        response.destroy()
        return
      }
      answer = failed(request, undefined, error, requestId)
    }
    response.sendDate = false
    response.setHeader('date', new Date(cloud.clock.now()).toUTCString())
    const length = Buffer.byteLength(answer.body)
    response.writeHead(answer.status, { 'content-length': length, ...answer.headers })
    response.end(answer.body)
  }

  async function answerTo(request: HttpRequest, requestId: string): Promise<HttpAnswer> {
    let matched: Matched | undefined
    let identity = ANONYMOUS
    try {
      const signed = readSigned(request)
      const plain = signed ? undefined : router.http(request.method, request.path)
      if (plain) return plain
      const action = actionOf(request)
      matched = signed ? router.signed(request, signed.signingName, action) : router.unsigned(request, action)
      identity = authenticate(request, signed, identityOf, cloud.clock.now())
      if (!matched) throw unsigned()
      return await run(matched, identity, decodeBody(request), requestId)
    } catch (error) {
      if (error instanceof CutError) throw error
      const refused = identity === ANONYMOUS && asServiceError(error).code === 'AccessDeniedException'
      return failed(request, matched, refused ? unsigned() : error, requestId)
    }
  }

  async function run(
    matched: Matched,
    identity: Identity,
    request: HttpRequest,
    requestId: string,
  ): Promise<HttpAnswer> {
    const { service, operation } = matched
    if (matched.protocol === 'rest-xml') return await handle(service, { ...request, identity, requestId })
    const input = readInput(matched, request)
    const output = await dispatch({ service, operation, input, identity, requestId })
    return writeOutput(matched, output, requestId)
  }

  async function handle(service: Service, request: Parameters<NonNullable<Service['handle']>>[0]) {
    const done = cloud.clock.busy(`${service.name}: ${request.method} ${request.path}`)
    try {
      const answer = await service.handle?.(request)
      if (!answer) throw new Error(`${service.name} does not handle requests`)
      return { ...answer, headers: { 'x-amz-request-id': request.requestId, ...answer.headers } }
    } finally {
      done()
    }
  }

  /** In the protocol of the service that was asked for, as far as that is known. */
  function failed(
    request: HttpRequest | undefined,
    matched: Matched | undefined,
    error: unknown,
    requestId: string,
  ): HttpAnswer {
    const protocol = matched?.protocol ?? (request && guessProtocol(request))
    return writeFailure(asServiceError(error), { request, service: matched?.service, protocol, requestId })
  }

  function guessProtocol(request: HttpRequest): Service['protocol'] | undefined {
    if (request.headers['x-amz-target'] !== undefined) return 'json'
    return isForm(request) ? 'query' : router.protocolOf(signedFor(request))
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(error => {
      cloud.journal({ source: 'endpoint', summary: 'an answer could not be sent', detail: String(error) })
      response.destroy()
    })
  })
  // Warm SDK connections must not be cut while a function is idle between two invocations.
  server.keepAliveTimeout = 60_000
  return server
}

function unsigned(): ServiceError {
  return new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
}
