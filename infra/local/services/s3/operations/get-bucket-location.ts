import { bucketArn, bucketOf, type S3, type S3Operation } from '../s3.ts'
import { document } from '../xml.ts'

/** The first Region has no name here: its constraint is empty. */
export const getBucketLocation =
  (s3: S3): S3Operation =>
  (request, context) => {
    const bucket = bucketOf(s3, request.bucket)
    context.authorize('s3:GetBucketLocation', bucketArn(bucket.name))
    const { region } = s3.cloud
    const body = document('LocationConstraint', region === 'us-east-1' ? '' : region)
    return { status: 200, headers: { 'content-type': 'application/xml' }, body }
  }
