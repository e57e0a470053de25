import { checkBucketName } from '../bucket-name.ts'
import { notImplemented, s3Error } from '../errors.ts'
import { bucketArn, type S3, type S3Operation } from '../s3.ts'

/** In the first Region making a bucket again succeeds; elsewhere it is a conflict. */
export const createBucket =
  (s3: S3): S3Operation =>
  (request, context) => {
    const setting = Object.keys(request.headers).find(name =>
      /^x-amz-(acl|grant-|bucket-|object-)/.test(name),
    )
    if (setting !== undefined) throw notImplemented(`${setting} of CreateBucket`, 'Header')
    checkBucketName(request.bucket)
    context.authorize('s3:CreateBucket', bucketArn(request.bucket))
    checkLocation(request.body.toString('utf8'), s3.cloud.region)
    const { state, cloud } = s3
    const existing = state.buckets.get(request.bucket)
    if (existing && cloud.region !== 'us-east-1')
      throw s3Error(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: request.bucket },
      )
    if (!existing) {
      const made = { createdAt: cloud.clock.now(), fromTemplate: false, objects: new Map() }
      state.buckets.set(request.bucket, { name: request.bucket, ...made })
      cloud.clock.wrote()
    }
    return { status: 200, headers: { location: `/${request.bucket}` }, body: '' }
  }

function checkLocation(document: string, region: string): void {
  const asked = /<LocationConstraint>([^<]*)<\/LocationConstraint>/.exec(document)?.[1]
  if ((asked ?? 'us-east-1') === region && asked !== 'us-east-1') return
  throw s3Error(
    asked === 'us-east-1' ? 'InvalidLocationConstraint' : 'IllegalLocationConstraintException',
    `The ${asked ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  )
}
