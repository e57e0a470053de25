import { bucketArn, bucketOf, type S3, type S3Operation } from '../s3.ts'

export const headBucket =
  (s3: S3): S3Operation =>
  (request, context) => {
    const bucket = bucketOf(s3, request.bucket)
    context.authorize('s3:ListBucket', bucketArn(bucket.name))
    const headers = { 'x-amz-bucket-region': s3.cloud.region, 'x-amz-access-point-alias': 'false' }
    return { status: 200, headers, body: '' }
  }
