import { z } from 'zod'

/** Buckets and objects, as schemas: a snapshot is read back through them. Instants are milliseconds, local time. */
const object = z.object({
  body: z.custom<Uint8Array>(value => value instanceof Uint8Array),
  /** MD5 in hexadecimal, without quotes. */
  etag: z.string(),
  lastModified: z.number(),
  /** What a GET sends back of what the PUT said: `content-type`, `x-amz-meta-…` and the like. */
  headers: z.record(z.string(), z.string()),
  /** `x-amz-checksum-…`, sent back when asked for. */
  checksums: z.record(z.string(), z.string()),
})

const bucket = z.object({
  name: z.string(),
  createdAt: z.number(),
  /** Made by a template rather than by a call. */
  fromTemplate: z.boolean(),
  objects: z.map(z.string(), object),
})

export const s3State = z.object({ buckets: z.map(z.string(), bucket) })

export type StoredObject = z.infer<typeof object>
export type Bucket = z.infer<typeof bucket>
export type S3State = z.infer<typeof s3State>
