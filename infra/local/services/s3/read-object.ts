import type { HttpAnswer, OperationContext } from '../../contract.ts'
import { isNotModified } from './conditions.ts'
import { accessDenied, noSuchKey } from './errors.ts'
import { rangeOf } from './range.ts'
import { bucketArn, bucketOf, objectArn, type S3, type S3Request } from './s3.ts'
import type { StoredObject } from './state.ts'

/** Answers `GET` and `HEAD` of an object alike; the server sends no body after `HEAD`. */
export function readObject(s3: S3, request: S3Request, context: OperationContext): HttpAnswer {
  const object = find(s3, request, context)
  const { headers, query } = request
  const described = { ...describe(object), ...overrides(query) }
  if (isNotModified(request, object)) return { status: 304, headers: described, body: '' }
  const range = rangeOf(headers.range, object.body.length)
  if (range) {
    const body = object.body.subarray(range.first, range.last + 1)
    const contentRange = `bytes ${range.first}-${range.last}/${object.body.length}`
    return { status: 206, headers: { ...described, 'content-range': contentRange }, body }
  }
  const checksums = headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' ? checksumsOf(object) : {}
  return { status: 200, headers: { ...described, ...checksums }, body: object.body }
}

/** Whoever may not list a bucket is not told whether a key is there. */
function find(s3: S3, request: S3Request, context: OperationContext): StoredObject {
  const bucket = bucketOf(s3, request.bucket)
  context.authorize('s3:GetObject', objectArn(request))
  const object = bucket.objects.get(request.key)
  if (object) return object
  try {
    context.authorize('s3:ListBucket', bucketArn(bucket.name))
  } catch {
    throw accessDenied()
  }
  throw noSuchKey(request.key)
}

const describe = (object: StoredObject): Record<string, string> => ({
  ...object.headers,
  'accept-ranges': 'bytes',
  etag: `"${object.etag}"`,
  'last-modified': new Date(object.lastModified).toUTCString(),
  'x-amz-server-side-encryption': 'AES256',
})

export const checksumsOf = (object: StoredObject): Record<string, string> =>
  Object.keys(object.checksums).length === 0
    ? {}
    : { ...object.checksums, 'x-amz-checksum-type': 'FULL_OBJECT' }

const OVERRIDE = 'response-'

/** `response-content-disposition=…` in the query replaces the header of that name. */
const overrides = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query].flatMap(([name, value]) =>
      name.startsWith(OVERRIDE) ? [[name.slice(OVERRIDE.length), value.replace(/[^\t\x20-\x7e]/g, '?')]] : [],
    ),
  )
