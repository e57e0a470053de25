import { noSuchKey, notImplemented, preconditionFailed } from './errors.ts'
import type { S3Request } from './s3.ts'
import type { StoredObject } from './state.ts'

/**
 * Checks the conditions of a read. Answers whether the caller's copy is still good (304). A condition on the ETag
 * outweighs the one on the time: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function isNotModified({ headers }: S3Request, object: StoredObject): boolean {
  const match = headers['if-match']
  const unmodifiedSince = instant(headers['if-unmodified-since'])
  if (match !== undefined) {
    if (!names(match, object.etag)) throw preconditionFailed('If-Match')
  } else if (unmodifiedSince !== undefined && seconds(object) > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined) return names(noneMatch, object.etag)
  const modifiedSince = instant(headers['if-modified-since'])
  return modifiedSince !== undefined && seconds(object) <= modifiedSince
}

/** Checks the conditions of a write: only the first one, or only over a known version. */
export function checkWrite({ headers, key }: S3Request, existing: StoredObject | undefined): void {
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined && noneMatch !== '*')
    throw notImplemented('If-None-Match other than *', 'Header')
  if (noneMatch === '*' && existing) throw preconditionFailed('If-None-Match')
  const match = headers['if-match']
  if (match === undefined) return
  if (!existing) throw noSuchKey(key)
  if (!names(match, existing.etag)) throw preconditionFailed('If-Match')
}

const names = (tags: string, etag: string): boolean =>
  tags.split(',').some(tag => ['*', etag, `"${etag}"`].includes(tag.trim().replace(/^W\//, '')))

/** HTTP dates have no fraction of a second. */
const seconds = (object: StoredObject): number => Math.floor(object.lastModified / 1000) * 1000

function instant(date: string | undefined): number | undefined {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? undefined : at
}
