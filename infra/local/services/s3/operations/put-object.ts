import { receiveBody } from '../body.ts'
import { checkWrite } from '../conditions.ts'
import { s3Error } from '../errors.ts'
import { keptHeaders } from '../put-headers.ts'
import { checksumsOf } from '../read-object.ts'
import { bucketOf, objectArn, type S3, type S3Operation } from '../s3.ts'
import type { StoredObject } from '../state.ts'

const MAX_KEY_BYTES = 1_024

/** Stores an object in one piece, under the conditions that the caller names. */
export const putObject =
  (s3: S3): S3Operation =>
  (request, context) => {
    const headers = keptHeaders(request.headers)
    const size = Buffer.byteLength(request.key)
    if (size > MAX_KEY_BYTES)
      throw s3Error('KeyTooLongError', 'Your key is too long', 400, {
        Size: String(size),
        MaxSizeAllowed: String(MAX_KEY_BYTES),
      })
    const bucket = bucketOf(s3, request.bucket)
    context.authorize('s3:PutObject', objectArn(request))
    const received = receiveBody(request)
    checkWrite(request, bucket.objects.get(request.key))
    const object: StoredObject = { ...received, headers, lastModified: s3.cloud.clock.now() }
    bucket.objects.set(request.key, object)
    s3.cloud.clock.wrote()
    const answered = { etag: `"${object.etag}"`, 'x-amz-server-side-encryption': 'AES256' }
    return { status: 200, headers: { ...answered, ...checksumsOf(object) }, body: '' }
  }
