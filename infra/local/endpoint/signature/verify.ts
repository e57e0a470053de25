import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { ServiceError } from '../../contract.ts'
import type { HttpRequest } from '../http-request.ts'
import { canonicalRequest } from './canonical-request.ts'
import type { Signed } from './credential.ts'

export type Secret = { readonly secretAccessKey: string; readonly sessionToken: string }

const SKEW_MS = 15 * 60_000
const ALGORITHM = 'AWS4-HMAC-SHA256'

/**
 * Throws what AWS answers when the signature is not this secret's, not of this request, or not of this time. (S3
 * looks at presigned addresses itself; for everybody else `X-Amz-Expires` means nothing.)
 */
export function verifySignature(request: HttpRequest, signed: Signed, secret: Secret, now: number): void {
  if (signed.algorithm !== ALGORITHM) {
    const message = `Unsupported AWS 'algorithm': '${signed.algorithm.slice(0, 50)}' (only ${ALGORITHM} for now). `
    throw new ServiceError('IncompleteSignatureException', message, 403)
  }
  if (!signed.signedHeaders.includes('host'))
    throw invalid(`'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`)
  if (signed.sessionToken !== secret.sessionToken) {
    const message = 'The security token included in the request is invalid.'
    throw new ServiceError('UnrecognizedClientException', message, 403)
  }
  checkTime(signed, now)
  const canonical = canonicalRequest(request, signed)
  const toSign = [ALGORITHM, signed.date, signed.scope, sha256(canonical)].join('\n')
  const expected = hmac(signingKey(secret.secretAccessKey, signed.scope), toSign).toString('hex')
  if (!equal(expected, signed.signature)) throw mismatch(signed, canonical, toSign)
  checkBody(request, signed)
}

function checkTime(signed: Signed, now: number): void {
  const signedAt = parseDate(signed.date)
  if (signedAt === undefined) {
    const message = `Date must be in ISO-8601 'basic format'. Got '${signed.date.slice(0, 50)}'. See http://en.wikipedia.org/wiki/ISO_8601`
    throw new ServiceError('IncompleteSignatureException', message, 403)
  }
  const scopeDay = signed.scope.slice(0, 8)
  const day = signed.date.slice(0, 8)
  if (scopeDay !== day) {
    const differ = 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP'
    throw invalid(`${differ}: '${scopeDay}' != '${day}', from '${signed.date}'.`)
  }
  const oldest = now - SKEW_MS
  if (signedAt < oldest) throw expired(signed, oldest, now)
  if (signedAt > now + SKEW_MS) throw tooEarly(signed, now)
}

function expired(signed: Signed, oldest: number, now: number): ServiceError {
  if (signed.signingName === 's3') return new ServiceError('RequestTimeTooSkewed', SKEWED, 403)
  return invalid(
    `Signature expired: ${signed.date} is now earlier than ${basic(oldest)} (${basic(now)} - 15 min.)`,
  )
}

function tooEarly(signed: Signed, now: number): ServiceError {
  if (signed.signingName === 's3') return new ServiceError('RequestTimeTooSkewed', SKEWED, 403)
  const latest = basic(now + SKEW_MS)
  return invalid(
    `Signature not yet current: ${signed.date} is still later than ${latest} (${basic(now)} + 15 min.)`,
  )
}

const SKEWED = 'The difference between the request time and the current time is too large.'

/** The signature covers what the request says of its body; this compares that with the body. */
function checkBody({ headers, body }: HttpRequest, { signingName }: Signed): void {
  const declared = headers['x-amz-content-sha256']
  if (signingName !== 's3' || declared === undefined || !/^[0-9a-f]{64}$/.test(declared)) return
  if (sha256(body) === declared) return
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed."
  throw new ServiceError('XAmzContentSHA256Mismatch', message, 400)
}

function mismatch(signed: Signed, canonical: string, toSign: string): ServiceError {
  const check =
    'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
  const message = `The request signature we calculated does not match the signature you provided. ${check}`
  if (signed.signingName !== 's3') {
    const texts = `The Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`
    return invalid(`${message}\n\n${texts}`)
  }
  const details = {
    AWSAccessKeyId: signed.accessKeyId,
    StringToSign: toSign,
    SignatureProvided: signed.signature,
    CanonicalRequest: canonical,
  }
  const short =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
  return new ServiceError('InvalidSignatureException', short, 403, details)
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message, 403)
}

const keys = new Map<string, KeyObject>()

/** Derived once for a day, Region and service. */
function signingKey(secret: string, scope: string): KeyObject {
  const cacheKey = `${secret}/${scope}`
  const known = keys.get(cacheKey)
  if (known) return known
  let key: string | Buffer = `AWS4${secret}`
  for (const part of scope.split('/')) key = hmac(key, part)
  const derived = createSecretKey(Buffer.from(key))
  // A simulated year has a few thousand scopes; what nobody uses any more is derived again if it has to be.
  if (keys.size >= 1_000) keys.clear()
  keys.set(cacheKey, derived)
  return derived
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(data: string | Buffer): string {
  return hash('sha256', data)
}

function equal(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function parseDate(basicDate: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(basicDate)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}

function basic(time: number): string {
  return new Date(time).toISOString().replace(/[:-]|\.\d{3}/g, '')
}
