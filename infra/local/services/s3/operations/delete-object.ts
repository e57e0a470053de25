import { notImplemented } from '../errors.ts'
import { bucketOf, objectArn, type S3, type S3Operation } from '../s3.ts'

/** Deleting what is not there succeeds too. */
export const deleteObject =
  (s3: S3): S3Operation =>
  (request, context) => {
    if (request.headers['if-match'] !== undefined) throw notImplemented('If-Match of DeleteObject', 'Header')
    const bucket = bucketOf(s3, request.bucket)
    context.authorize('s3:DeleteObject', objectArn(request))
    if (bucket.objects.delete(request.key)) s3.cloud.clock.wrote()
    return { status: 204, headers: {}, body: '' }
  }
