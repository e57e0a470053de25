import { notImplemented, s3Error } from './errors.ts'
import type { S3Request } from './s3.ts'

export type OperationName =
  | 'CreateBucket'
  | 'DeleteBucket'
  | 'DeleteObject'
  | 'GetBucketLocation'
  | 'GetObject'
  | 'HeadBucket'
  | 'HeadObject'
  | 'ListBuckets'
  | 'ListObjectsV2'
  | 'PutObject'

const OF_SERVICE: Readonly<Record<string, OperationName>> = { GET: 'ListBuckets' }
const OF_BUCKET: Readonly<Record<string, OperationName>> = {
  PUT: 'CreateBucket',
  DELETE: 'DeleteBucket',
  HEAD: 'HeadBucket',
  GET: 'ListObjectsV2',
}
const OF_OBJECT: Readonly<Record<string, OperationName>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
}

const OVERRIDES = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
]

/** Query parameters that each operation understands. A name that chooses another operation is refused by that name. */
const PARAMETERS: Readonly<Record<OperationName, readonly string[]>> = {
  CreateBucket: [],
  DeleteBucket: [],
  DeleteObject: [],
  GetBucketLocation: ['location'],
  GetObject: OVERRIDES,
  HeadBucket: [],
  HeadObject: OVERRIDES,
  ListBuckets: [],
  ListObjectsV2: [
    'list-type',
    'prefix',
    'delimiter',
    'max-keys',
    'continuation-token',
    'start-after',
    'fetch-owner',
    'encoding-type',
  ],
  PutObject: [],
}

/** Which operation a request asks for. */
export function operationOf(request: S3Request): OperationName {
  const { method, query, bucket, key } = request
  // Signature version 2, which buckets made since June 2020 do not take.
  if (query.has('AWSAccessKeyId'))
    throw s3Error(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      400,
    )
  const table = bucket === '' ? OF_SERVICE : key === '' ? OF_BUCKET : OF_OBJECT
  const byMethod = Object.hasOwn(table, method) ? table[method] : undefined
  if (byMethod === undefined) {
    for (const name of parametersOf(query)) throw notImplemented(`${method} ?${name}`, 'QueryParameter')
    throw s3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
      Method: method,
      ResourceType: key === '' ? 'BUCKET' : 'OBJECT',
    })
  }
  const name = byMethod === 'ListObjectsV2' && query.has('location') ? 'GetBucketLocation' : byMethod
  const unknown = parametersOf(query).find(parameter => !PARAMETERS[name].includes(parameter))
  if (unknown !== undefined) throw notImplemented(`${method} ?${unknown}`, 'QueryParameter')
  if (name === 'ListObjectsV2' && query.get('list-type') !== '2')
    throw notImplemented('ListObjects (without list-type=2)', 'QueryParameter')
  return name
}

/** Without the parts of a signature and the name that SDKs add for logs. */
const parametersOf = (query: URLSearchParams): string[] =>
  [...query.keys()].filter(name => name !== 'x-id' && !/^x-amz-/i.test(name))
