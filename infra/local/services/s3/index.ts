import type { LocalCloud, Service } from '../../contract.ts'
import { handle } from './handle.ts'
import { createBucket } from './operations/create-bucket.ts'
import { deleteBucket } from './operations/delete-bucket.ts'
import { deleteObject } from './operations/delete-object.ts'
import { getBucketLocation } from './operations/get-bucket-location.ts'
import { getObject } from './operations/get-object.ts'
import { headBucket } from './operations/head-bucket.ts'
import { headObject } from './operations/head-object.ts'
import { listBuckets } from './operations/list-buckets.ts'
import { listObjectsV2 } from './operations/list-objects-v2.ts'
import { putObject } from './operations/put-object.ts'
import { bucket } from './resources/bucket.ts'
import { bucketPolicy } from './resources/bucket-policy.ts'
import type { OperationName } from './route.ts'
import type { S3, S3Operation } from './s3.ts'
import { restore } from './snapshot.ts'

export type S3Service = Service & Required<Pick<Service, 'handle'>>

/** S3: buckets and objects in one piece, conditional requests, ranges, presigned requests. */
export function createS3Service(cloud: LocalCloud): S3Service {
  const s3: S3 = { cloud, state: { buckets: new Map() } }
  const operations: Readonly<Record<OperationName, S3Operation>> = {
    CreateBucket: createBucket(s3),
    DeleteBucket: deleteBucket(s3),
    DeleteObject: deleteObject(s3),
    GetBucketLocation: getBucketLocation(s3),
    GetObject: getObject(s3),
    HeadBucket: headBucket(s3),
    HeadObject: headObject(s3),
    ListBuckets: listBuckets(s3),
    ListObjectsV2: listObjectsV2(s3),
    PutObject: putObject(s3),
  }
  return {
    name: 's3',
    signingName: 's3',
    protocol: 'rest-xml',
    // Its protocol has no JSON operations: a request is answered whole by `handle`.
    operations: {},
    resources: { 'AWS::S3::Bucket': bucket(s3), 'AWS::S3::BucketPolicy': bucketPolicy(s3) },
    handle: request => handle(s3, operations, request),
    snapshot: () => s3.state,
    restore: state => restore(s3, state),
  }
}
