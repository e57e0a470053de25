import { invalidArgument } from '../errors.ts'
import { list } from '../list.ts'
import { bucketArn, bucketOf, type S3, type S3Operation } from '../s3.ts'
import { document } from '../xml.ts'

const MAX_KEYS = 1_000

/** Keys in the order of their bytes, those that share a prefix up to the delimiter rolled into one. */
export const listObjectsV2 =
  (s3: S3): S3Operation =>
  (request, context) => {
    const { query } = request
    const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
    const maxKeys = maxKeysOf(query.get('max-keys'))
    const encode = encodingOf(query.get('encoding-type'))
    const token = query.get('continuation-token')
    const after = token === null ? (query.get('start-after') ?? '') : readToken(token)
    const bucket = bucketOf(s3, request.bucket)
    context.authorize('s3:ListBucket', bucketArn(bucket.name), {
      's3:prefix': prefix,
      's3:delimiter': delimiter,
      's3:max-keys': String(maxKeys),
    })
    const page = list(bucket.objects, {
      prefix,
      delimiter,
      after,
      limit: maxKeys,
      listed: token === null ? undefined : after,
    })
    const owner = query.get('fetch-owner') === 'true' ? { ID: s3.cloud.accountId } : undefined
    const body = document('ListBucketResult', {
      Name: bucket.name,
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      MaxKeys: maxKeys,
      EncodingType: query.get('encoding-type') ?? undefined,
      KeyCount: page.objects.length + page.prefixes.length,
      IsTruncated: page.next !== undefined,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: page.next === undefined ? undefined : writeToken(page.next),
      StartAfter: query.has('start-after') ? encode(query.get('start-after') ?? '') : undefined,
      Contents: page.objects.map(([key, object]) => ({
        Key: encode(key),
        LastModified: new Date(object.lastModified).toISOString(),
        ETag: `"${object.etag}"`,
        ChecksumAlgorithm: Object.keys(object.checksums).map(name =>
          name.replace('x-amz-checksum-', '').toUpperCase(),
        ),
        Size: object.body.length,
        Owner: owner,
        StorageClass: 'STANDARD',
      })),
      CommonPrefixes: page.prefixes.map(common => ({ Prefix: encode(common) })),
    })
    return { status: 200, headers: { 'content-type': 'application/xml' }, body }
  }

function maxKeysOf(given: string | null): number {
  if (given === null || given === '') return MAX_KEYS
  if (!/^\d{1,10}$/.test(given) || Number(given) > 2 ** 31 - 1)
    throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', given)
  return Math.min(Number(given), MAX_KEYS)
}

function encodingOf(given: string | null): (text: string) => string {
  if (given === null) return text => text
  if (given !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', given)
  return text => encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/')
}

const writeToken = (after: string): string => `1${Buffer.from(after).toString('base64url')}`

function readToken(token: string): string {
  if (!/^1[\w-]+$/.test(token))
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
  return Buffer.from(token.slice(1), 'base64url').toString('utf8')
}
