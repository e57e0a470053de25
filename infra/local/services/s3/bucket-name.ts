import { s3Error } from './errors.ts'

const NAME = /^(?!xn--|sthree-|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkBucketName(name: string): void {
  if (NAME.test(name) && !name.includes('..')) return
  throw s3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name })
}
