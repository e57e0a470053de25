import type { HttpAnswer, LocalCloud, OperationContext, RestRequest } from '../../contract.ts'
import { noSuchBucket } from './errors.ts'
import type { Bucket, S3State } from './state.ts'

/** What every operation works on. */
export type S3 = { readonly cloud: LocalCloud; readonly state: S3State }

/** A request whose bucket and key are known; both are empty where the path names none. */
export type S3Request = RestRequest & { readonly bucket: string; readonly key: string }

/** One file in `operations/`: refuses what it does not know, authorizes, acts, answers. */
export type S3Operation = (request: S3Request, context: OperationContext) => HttpAnswer

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`
export const objectArn = ({ bucket, key }: S3Request): string => `arn:aws:s3:::${bucket}/${key}`

export function bucketOf({ state }: S3, name: string): Bucket {
  const bucket = state.buckets.get(name)
  if (!bucket) throw noSuchBucket(name)
  return bucket
}
