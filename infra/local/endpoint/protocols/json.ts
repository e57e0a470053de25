import { type HttpAnswer, RawResponse, type Service, type ServiceError } from '../../contract.ts'
import { wireJson } from '../wire.ts'

/** Failures of the front door, which JSON services answer with 400 and REST services with 403. */
const FRONT_DOOR = new Set([
  'AccessDeniedException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
])

/** What these are called in the query protocol, which clients of SQS and CloudWatch still ask for. */
const QUERY_CODES: Readonly<Record<string, string>> = { AccessDeniedException: 'AccessDenied' }

/** AWS JSON 1.0 and 1.1. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function writeJsonOutput(service: Service, output: unknown, requestId: string): HttpAnswer {
  const headers = { 'x-amzn-requestid': requestId }
  if (output instanceof RawResponse) return { ...output, headers: { ...headers, ...output.headers } }
  const body = wireJson(output ?? {})
  return { status: 200, headers: { ...headers, 'content-type': contentType(service) }, body }
}

export function writeJsonFailure(
  service: Service | undefined,
  failure: ServiceError,
  requestId: string,
  queryMode: boolean,
): HttpAnswer {
  const { code, message, details } = failure
  const queryCode = QUERY_CODES[code] ?? code
  return {
    status: FRONT_DOOR.has(code) && !queryMode ? 400 : failure.status,
    headers: {
      'x-amzn-requestid': requestId,
      'content-type': contentType(service),
      'x-amzn-errortype': code,
      ...(queryMode && {
        'x-amzn-query-error': `${queryCode};${failure.status < 500 ? 'Sender' : 'Receiver'}`,
      }),
      ...failure.headers,
    },
    body: wireJson({ __type: code, message, ...details }),
  }
}

function contentType(service: Service | undefined): string {
  return `application/x-amz-json-${service?.jsonVersion ?? '1.0'}`
}
