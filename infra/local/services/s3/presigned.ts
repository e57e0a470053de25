import type { LocalTime, RestRequest } from '../../contract.ts'
import { accessDenied, s3Error } from './errors.ts'
import { checkSignature } from './signature.ts'

const WEEK_SECONDS = 604_800
const SKEW_MS = 15 * 60 * 1000
const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
]

/**
 * Checks a request that is signed in its query: form, time and signature. (What is signed in a header has been checked
 * where it came in.) https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function checkPresigned(request: RestRequest, region: string, now: LocalTime): void {
  const { query } = request
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Algorithm')) return
  if (REQUIRED.some(name => !query.get(name)))
    throw malformed(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    )
  const stamp = query.get('X-Amz-Date') ?? ''
  checkScope(query.get('X-Amz-Credential') ?? '', stamp, region)
  checkTime(stamp, query.get('X-Amz-Expires') ?? '', now)
  checkSignature(request)
}

function checkScope(credential: string, stamp: string, region: string): void {
  const [, day, scopeRegion, service, end, ...rest] = credential.split('/')
  if (rest.length > 0 || service !== 's3' || end !== 'aws4_request' || day !== stamp.slice(0, 8))
    throw malformed(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
  if (scopeRegion !== region)
    throw malformed(
      `Error parsing the X-Amz-Credential parameter; the region '${scopeRegion}' is wrong; expecting '${region}'`,
    )
}

function checkTime(stamp: string, expires: string, now: LocalTime): void {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? []
  const [year = 0, month = 1, day, hour, minute, second] = parts.map(Number)
  if (parts.length === 0)
    throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  if (!/^\d+$/.test(expires)) throw malformed('X-Amz-Expires should be a number')
  const seconds = Number(expires)
  if (seconds > WEEK_SECONDS)
    throw malformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    )
  const signedAt = Date.UTC(year, month - 1, day, hour, minute, second)
  if (now < signedAt - SKEW_MS) throw accessDenied('Request is not yet valid')
  const expiresAt = signedAt + seconds * 1000
  if (now < expiresAt) return
  throw accessDenied('Request has expired', {
    'X-Amz-Expires': expires,
    Expires: iso(expiresAt),
    ServerTime: iso(now),
  })
}

const iso = (at: LocalTime): string => new Date(at).toISOString().replace(/\.\d{3}/, '')

const malformed = (message: string) => s3Error('AuthorizationQueryParametersError', message, 400)
