import { hash } from 'node:crypto'
import type { HttpRequest } from '../http-request.ts'
import type { Signed } from './credential.ts'

/**
 * The text that both sides sign.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(request: HttpRequest, signed: Signed): string {
  const headers = signed.signedHeaders.map(
    name => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  )
  return [
    request.method,
    canonicalPath(request.path, signed.signingName),
    canonicalQuery(request.query),
    headers.join(''),
    signed.signedHeaders.join(';'),
    payloadHash(request, signed),
  ].join('\n')
}

/** S3 signs the path as it is sent; everybody else signs it normalized, and encoded once more. */
function canonicalPath(path: string, signingName: string): string {
  if (signingName === 's3') return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encode(segment))
  }
  const trailing = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${trailing}`
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([leftName, leftValue], [rightName, rightValue]) =>
      leftName === rightName ? compare(leftValue, rightValue) : compare(leftName, rightName),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** Only S3 believes what the request says of its body (it compares the two itself); the others look. */
function payloadHash({ headers, body }: HttpRequest, { signingName }: Signed): string {
  const declared = signingName === 's3' ? headers['x-amz-content-sha256'] : undefined
  return declared ?? hash('sha256', body)
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
