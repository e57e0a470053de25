import type { S3, S3Operation } from '../s3.ts'
import { document } from '../xml.ts'

export const listBuckets =
  (s3: S3): S3Operation =>
  (_request, context) => {
    context.authorize('s3:ListAllMyBuckets', '*')
    const buckets = [...s3.state.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    const body = document('ListAllMyBucketsResult', {
      Owner: { ID: s3.cloud.accountId },
      Buckets: {
        Bucket: buckets.map(({ name, createdAt }) => ({
          Name: name,
          CreationDate: new Date(createdAt).toISOString(),
        })),
      },
    })
    return { status: 200, headers: { 'content-type': 'application/xml' }, body }
  }
