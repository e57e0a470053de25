import { randomUUID } from 'node:crypto'
import {
  type Identity,
  type LocalCloud,
  RawResponse,
  type Service,
  ServiceError,
  UnsupportedError,
} from '../contract.ts'
import { CutError } from '../faults.ts'
import { wireJson } from './wire.ts'

export type Call = {
  readonly service: Service
  readonly operation: string
  readonly input: unknown
  readonly identity: Identity
  readonly requestId: string
}

export type Dispatcher = (call: Call) => Promise<unknown>

/**
 * The one way to an operation, from the endpoint and between services. Answers what the operation returns; failures are
 * `ServiceError`s, also for operations that do not exist here.
 */
export function createDispatcher(
  cloud: Pick<LocalCloud, 'clock' | 'authorize' | 'journal' | 'faults'>,
): Dispatcher {
  return async ({ service, operation, input, identity, requestId }) => {
    const isWork = service.waits?.includes(operation) !== true
    const done = isWork ? cloud.clock.busy(`${service.name}: ${operation}`) : () => undefined
    try {
      const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined
      if (!run) throw new UnsupportedError(`the operation ${operation} of ${service.name}`)
      const authorize = (action: string, resource: string, conditions?: Readonly<Record<string, string>>) =>
        cloud.authorize(identity, action, resource, conditions)
      const point = { service: service.name, operation, caller: identity, ...resourceOf(input) }
      return await cloud.faults.call(point, async () => run(input, { identity, requestId, authorize }))
    } catch (error) {
      if (error instanceof CutError) throw error
      const failure = asServiceError(error)
      const summary = `${operation}: ${failure.code}: ${failure.message}`
      const detail = failure.status >= 500 ? { detail: stackOf(error) } : {}
      if (!ORDINARY.has(failure.code)) cloud.journal({ source: service.name, summary, ...detail })
      throw failure
    } finally {
      done()
    }
  }
}

/** Answers that programs count on. */
const ORDINARY = new Set(['ConditionalCheckFailedException'])

/** Input members that say what a call is about, for faults that strike only some calls. */
const RESOURCE_MEMBERS = [
  'FunctionName',
  'TableName',
  'stateMachineArn',
  'executionArn',
  'QueueUrl',
  'SecretId',
  'logGroupName',
  'UserPoolId',
  'usageplanId',
]

function resourceOf(input: unknown): { resource?: string } {
  if (typeof input !== 'object' || input === null) return {}
  const members = new Map(Object.entries(input))
  const resource = RESOURCE_MEMBERS.map(name => members.get(name)).find(value => typeof value === 'string')
  return resource === undefined ? {} : { resource }
}

/** Calls an operation in process: wire JSON in, wire JSON out. */
export async function callInProcess(
  dispatch: Dispatcher,
  service: Service,
  operation: string,
  input: unknown,
  identity: Identity,
): Promise<unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new ServiceError('SerializationException', 'Start of structure expected', 400)
  const call = { service, operation, input, identity, requestId: randomUUID() }
  const output = await dispatch(call).catch(error => {
    throw asServiceError(error)
  })
  if (!(output instanceof RawResponse)) return output === undefined ? {} : JSON.parse(wireJson(output))
  const text = typeof output.body === 'string' ? output.body : Buffer.from(output.body).toString('utf8')
  const body: unknown = text === '' ? {} : JSON.parse(text)
  if (output.status < 400) return body
  const { __type, message, Message, ...details } = body as Record<string, unknown>
  const code = String(__type ?? 'UnknownError').replace(/^.*#/, '')
  throw new ServiceError(code, String(message ?? Message ?? ''), output.status, details)
}

/** What the caller is told about a failure. A failure of the emulator itself is AWS's `InternalFailure`. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  if (error instanceof UnsupportedError)
    return new ServiceError('NotSupportedByLocalCloud', error.message, 501)
  if (error instanceof CutError) return new ServiceError('ServiceUnavailable', error.message, 503)
  const message = error instanceof Error ? error.message : String(error)
  return new ServiceError('InternalFailure', `The local cloud failed: ${message}`, 500)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
