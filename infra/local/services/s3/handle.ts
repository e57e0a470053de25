import type { HttpAnswer, OperationContext, RestRequest } from '../../contract.ts'
import { ServiceError } from '../../contract.ts'
import { CutError } from '../../faults.ts'
import { accessDenied } from './errors.ts'
import { locate } from './locate.ts'
import { checkPresigned } from './presigned.ts'
import { type OperationName, operationOf } from './route.ts'
import type { S3, S3Operation, S3Request } from './s3.ts'
import { document } from './xml.ts'

/** Answers one request of S3's REST protocol, failures included; only a cut connection is thrown. */
export async function handle(
  { cloud }: S3,
  operations: Readonly<Record<OperationName, S3Operation>>,
  request: RestRequest,
): Promise<HttpAnswer> {
  const done = cloud.clock.busy(`s3: ${request.method} ${request.path}`)
  const ids = { 'x-amz-request-id': request.requestId, 'x-amz-id-2': `${request.requestId}/local` }
  let name = `${request.method} ${request.path}`
  try {
    const located = locate(request)
    name = operationOf(located)
    checkPresigned(request, cloud.region, cloud.clock.now())
    checkOwner(located, cloud.accountId)
    const point = { service: 's3', operation: name, resource: located.bucket, caller: request.identity }
    const run = operations[operationOf(located)]
    const answer = await cloud.faults.call(point, async () => run(located, contextOf(cloud, request)))
    return { ...answer, headers: { ...ids, server: 'AmazonS3', ...answer.headers } }
  } catch (error) {
    if (error instanceof CutError) throw error
    const failure = error instanceof ServiceError ? error : internal(error)
    cloud.journal({ source: 's3', summary: `${name}: ${failure.code}: ${failure.message}` })
    return writeFailure(failure, request, ids)
  } finally {
    done()
  }
}

function contextOf(cloud: S3['cloud'], { identity, requestId }: RestRequest): OperationContext {
  return {
    identity,
    requestId,
    authorize(action, resource, conditions) {
      try {
        cloud.authorize(identity, action, resource, conditions)
      } catch (error) {
        // S3's own name for what the other services call AccessDeniedException.
        throw error instanceof ServiceError ? accessDenied(error.message) : error
      }
    },
  }
}

function checkOwner({ headers }: S3Request, accountId: string): void {
  const expected = headers['x-amz-expected-bucket-owner']
  if (expected !== undefined && expected !== accountId) throw accessDenied()
}

const internal = (error: unknown): ServiceError =>
  new ServiceError(
    'InternalError',
    `The local cloud failed: ${error instanceof Error ? error.message : String(error)}`,
    500,
  )

function writeFailure(
  failure: ServiceError,
  { requestId, path }: RestRequest,
  ids: Readonly<Record<string, string>>,
): HttpAnswer {
  const details = Object.fromEntries(
    Object.entries(failure.details).map(([name, value]) => [name, String(value)]),
  )
  const body = document('Error', {
    Code: failure.code,
    Message: failure.message,
    ...details,
    Resource: path,
    RequestId: requestId,
    HostId: ids['x-amz-id-2'],
  })
  return {
    status: failure.status,
    headers: { ...ids, server: 'AmazonS3', 'content-type': 'application/xml' },
    body,
  }
}
