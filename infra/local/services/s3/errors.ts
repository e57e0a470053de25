import { ServiceError } from '../../contract.ts'

/** S3's failures with its own codes and texts. Details become elements of the error document. */
export const s3Error = (
  code: string,
  message: string,
  status: number,
  details: Readonly<Record<string, string>> = {},
): ServiceError => new ServiceError(code, message, status, details)

export const noSuchBucket = (BucketName: string): ServiceError =>
  s3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName })
export const noSuchKey = (Key: string): ServiceError =>
  s3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key })
export const preconditionFailed = (Condition: string): ServiceError =>
  s3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition,
  })
export const accessDenied = (message = 'Access Denied', details: Readonly<Record<string, string>> = {}) =>
  s3Error('AccessDenied', message, 403, details)
export const invalidArgument = (message: string, ArgumentName: string, ArgumentValue: string) =>
  s3Error('InvalidArgument', message, 400, { ArgumentName, ArgumentValue })
/** S3 says 501 itself of what it does not do; so does the local cloud of what it does not do, by name. */
export const notImplemented = (what: string, name: 'Header' | 'QueryParameter'): ServiceError =>
  s3Error(
    'NotImplemented',
    `The local cloud does not support ${what} of S3. See the support table in infra/local/README.md.`,
    501,
    { [name]: what },
  )
