import { s3Error } from '../errors.ts'
import { bucketArn, bucketOf, type S3, type S3Operation } from '../s3.ts'

export const deleteBucket =
  (s3: S3): S3Operation =>
  (request, context) => {
    const bucket = bucketOf(s3, request.bucket)
    context.authorize('s3:DeleteBucket', bucketArn(bucket.name))
    if (bucket.objects.size > 0)
      throw s3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: bucket.name,
      })
    s3.state.buckets.delete(bucket.name)
    s3.cloud.setResourcePolicy(bucketArn(bucket.name), undefined)
    s3.cloud.clock.wrote()
    return { status: 204, headers: {}, body: '' }
  }
