import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { checkBucketName } from '../bucket-name.ts'
import { bucketArn, type S3 } from '../s3.ts'

const settings = z.optional(z.record(z.string(), z.unknown()))

/** Encryption at rest, lifecycle, versioning and public access change nothing that is seen from this machine. */
const PROPERTIES = {
  BucketName: z.optional(z.string()),
  AccessControl: z.optional(z.literal('Private')),
  BucketEncryption: settings,
  LifecycleConfiguration: settings,
  OwnershipControls: settings,
  PublicAccessBlockConfiguration: settings,
  Tags: z.optional(z.array(z.unknown())),
  VersioningConfiguration: settings,
}

/** `AWS::S3::Bucket`. */
export const bucket =
  ({ cloud, state }: S3): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, Object.keys(PROPERTIES))
    const read = z.object(PROPERTIES).safeParse(properties)
    if (!read.success) throw new UnsupportedError(`${type} ${read.error.issues[0]?.path.join('.')} as given`)
    if (JSON.stringify(read.data.BucketEncryption ?? {}).includes('aws:kms'))
      throw new UnsupportedError(`${type} BucketEncryption with customer keys`)
    const name = read.data.BucketName ?? generatedBucketName(stackName, logicalId)
    checkBucketName(name)
    if (state.buckets.has(name)) throw new ServiceError('BucketAlreadyExists', `${name} already exists`, 409)
    state.buckets.set(name, { name, createdAt: cloud.clock.now(), fromTemplate: true, objects: new Map() })
    return {
      ref: name,
      attributes: {
        Arn: bucketArn(name),
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`,
        DualStackDomainName: `${name}.s3.dualstack.${cloud.region}.amazonaws.com`,
      },
    }
  }

/** As CloudFormation makes them, in lower case, the same at every start. */
function generatedBucketName(stackName: string, logicalId: string): string {
  const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex')
  const readable = `${stackName}-${logicalId}`.toLowerCase().replace(/[^a-z0-9-]/g, '-')
  return `${readable.slice(0, 50)}-${digest.slice(0, 12)}`
}
