import type { HttpAnswer, ServiceError } from '../../contract.ts'
import { escapeXml, toXml } from './xml.ts'

/** The front door's failures as S3 names them, with S3's own status. */
const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  IncompleteSignatureException: ['AuthorizationHeaderMalformed', 400],
  InternalFailure: ['InternalError', 500],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  MissingAuthenticationTokenException: ['AccessDenied', 403],
  RequestEntityTooLargeException: ['EntityTooLarge', 400],
  UnrecognizedClientException: ['InvalidToken', 400],
}

/** A failure before the service was asked; the service writes its own. */
export function writeRestXmlFailure(failure: ServiceError, requestId: string, path: string): HttpAnswer {
  const [code, status] = CODES[failure.code] ?? [failure.code, failure.status]
  const what = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(failure.message)}</Message>`
  const where = `<Resource>${escapeXml(path)}</Resource><RequestId>${requestId}</RequestId>`
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${what}${toXml(failure.details)}${where}</Error>`
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, ...failure.headers },
    body,
  }
}
