import { type ResourceProvider, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { bucketArn, bucketOf, type S3 } from '../s3.ts'

/** `AWS::S3::BucketPolicy`. */
export const bucketPolicy =
  (s3: S3): ResourceProvider =>
  ({ logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['Bucket', 'PolicyDocument'])
    if (typeof properties.PolicyDocument !== 'object' || properties.PolicyDocument === null)
      throw new ServiceError('MalformedPolicy', `${logicalId}: PolicyDocument is required`)
    const { name } = bucketOf(s3, String(properties.Bucket))
    s3.cloud.setResourcePolicy(bucketArn(name), properties.PolicyDocument)
    return { ref: name }
  }
