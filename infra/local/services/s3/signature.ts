import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { RestRequest } from '../../contract.ts'
import { ROOT_CREDENTIALS } from '../../options.ts'
import { s3Error } from './errors.ts'

const ALGORITHM = 'AWS4-HMAC-SHA256'

/**
 * Refuses a presigned request whose signature is not that of its signer, with the texts to compare. All of the local
 * cloud's own credentials share one secret; whoever signs with an unknown key is root, and his signature is not checked.
 */
export function checkSignature(request: RestRequest): void {
  const { query, identity } = request
  const [accessKeyId = '', ...scope] = (query.get('X-Amz-Credential') ?? '').split('/')
  if (identity.kind === 'root' && accessKeyId !== ROOT_CREDENTIALS.accessKeyId) return
  const canonical = canonicalRequest(request)
  const digest = createHash('sha256').update(canonical).digest('hex')
  const toSign = [ALGORITHM, query.get('X-Amz-Date'), scope.join('/'), digest].join('\n')
  const secret: string | Buffer = `AWS4${ROOT_CREDENTIALS.secretAccessKey}`
  const key = scope.reduce<string | Buffer>(hmac, secret)
  const given = query.get('X-Amz-Signature') ?? ''
  if (same(hmac(key, toSign).toString('hex'), given)) return
  throw s3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
    {
      AWSAccessKeyId: accessKeyId,
      StringToSign: toSign,
      SignatureProvided: given,
      CanonicalRequest: canonical,
    },
  )
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function canonicalRequest({ method, path, query, headers }: RestRequest): string {
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').toLowerCase().split(';')
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
  const segments = path.split('/').map(segment => encode(decodeURIComponent(segment)))
  return [
    method,
    segments.join('/'),
    parameters.sort().join('&'),
    ...signed.map(name => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signed.join(';'),
    headers['x-amz-content-sha256'] ?? query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n')
}

/** Percent-encoding of RFC 3986, which keeps letters, digits and `-._~`. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
