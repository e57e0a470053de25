import type { ServerResponse } from 'node:http'
import { RawResponse, type Service, type ServiceError } from '../contract.ts'
import { wireJson } from './dispatch.ts'

export function writeOutput(
  response: ServerResponse,
  service: Service,
  output: unknown,
  status: number,
  requestId: string,
): void {
  response.setHeader('x-amzn-requestid', requestId)
  if (output instanceof RawResponse) {
    send(response, output.status, output.headers, output.body)
    return
  }
  // A REST answer without members has no body (204, 202); a JSON-protocol answer always has one.
  const empty = output === undefined && service.protocol === 'rest-json'
  send(
    response,
    status,
    empty ? {} : { 'content-type': contentType(service) },
    empty ? '' : wireJson(output ?? {}),
  )
}

/** Errors as the protocols write them: `__type` in the body, `x-amzn-errortype` for REST. */
export function writeError(
  response: ServerResponse,
  service: Service | undefined,
  error: ServiceError,
  requestId: string,
): void {
  response.setHeader('x-amzn-requestid', requestId)
  const rest = service?.protocol === 'rest-json'
  const named = rest ? {} : { __type: error.code }
  const body = wireJson({ ...named, message: error.message, ...error.details })
  const headers = {
    'content-type': service ? contentType(service) : 'application/json',
    'x-amzn-errortype': error.code,
  }
  send(response, statusOf(error, rest), headers, body)
}

/** The query protocol's error document, for services that speak it (SNS, STS, IAM): refused, but legibly. */
export function writeQueryError(response: ServerResponse, error: ServiceError, requestId: string): void {
  const body = [
    '<ErrorResponse><Error><Type>Sender</Type>',
    `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>`,
    `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  ].join('')
  send(response, error.status, { 'content-type': 'text/xml' }, body)
}

export function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** JSON services answer 400 to what they forbid, REST services 403. */
function statusOf(error: ServiceError, rest: boolean): number {
  return error.code === 'AccessDeniedException' && !rest ? 400 : error.status
}

function contentType(service: Service): string {
  return service.protocol === 'rest-json'
    ? 'application/json'
    : `application/x-amz-json-${service.jsonVersion ?? '1.0'}`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
