import { readObject } from '../read-object.ts'
import type { S3, S3Operation } from '../s3.ts'

export const headObject =
  (s3: S3): S3Operation =>
  (request, context) =>
    readObject(s3, request, context)
