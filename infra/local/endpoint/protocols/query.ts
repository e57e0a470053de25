import type { HttpAnswer, Service, ServiceError } from '../../contract.ts'
import { escapeXml, toXml } from './xml.ts'

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
}

/** The front door's failures have other names here. */
const CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
}

/**
 * The query protocol: an XML document named after the operation. In an operation's output an array is a list of
 * `member`s, a `Map` a map of `entry`s. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function writeQueryOutput(
  service: Service,
  operation: string,
  output: unknown,
  requestId: string,
): HttpAnswer {
  const result = output === undefined ? '' : `<${operation}Result>${toXml(output)}</${operation}Result>`
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
  const body = `<${operation}Response${namespace(service)}>${result}${metadata}</${operation}Response>`
  return { status: 200, headers: headersOf(requestId), body }
}

export function writeQueryFailure(
  service: Service | undefined,
  failure: ServiceError,
  requestId: string,
): HttpAnswer {
  const who = failure.status < 500 ? 'Sender' : 'Receiver'
  const code = codeOf(service, failure.code)
  const what = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(failure.message)}</Message>`
  const error = `<Error><Type>${who}</Type>${what}${toXml(failure.details)}</Error>`
  const body = `<ErrorResponse${namespace(service)}>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`
  return { status: failure.status, headers: { ...headersOf(requestId), ...failure.headers }, body }
}

function codeOf(service: Service | undefined, code: string): string {
  if (code === 'AccessDeniedException' && service?.name === 'sns') return 'AuthorizationError'
  return CODES[code] ?? code
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
}

function namespace(service: Service | undefined): string {
  const name = service && NAMESPACES[service.name]
  return name === undefined ? '' : ` xmlns="${name}"`
}
