import { randomUUID } from 'node:crypto'
import { type Identity, type LocalCloud, ServiceError } from '../../contract.ts'
import { type FunctionState, functionName } from './functions.ts'
import { startAsync } from './invoke-async.ts'
import { createPool, type Pool } from './pool.ts'
import {
  type InvocationRecord,
  MAX_PAYLOAD_BYTES,
  type RunnerParts,
  type RunResult,
  runInvocation,
} from './run-invocation.ts'

/** Concurrent executions of the account. */
const ACCOUNT_CONCURRENCY = 1_000
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 1 MB since 2025, 256 KB before. */
const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024
/** Invocations that the console can show per function. */
const KEPT_INVOCATIONS = 50

export type LambdaParts = {
  readonly clockCells: SharedArrayBuffer
  readonly accessKeyFor: (roleArn: string, sessionName: string, environmentId: string) => string
  readonly canAssume: (roleArn: string, servicePrincipal: string) => boolean
  /** Puts a dead letter into a queue, when the sender may. */
  readonly sendToQueue: SendToQueue
  readonly pool?: Pool
}

type SendToQueue = (
  queueArn: string,
  body: string,
  attributes: Readonly<Record<string, string>>,
  sender: Identity,
) => void

export type FunctionView = {
  readonly name: string
  readonly arn: string
  readonly environments: number
  readonly inFlight: number
  /** Newest first. */
  readonly invocations: readonly InvocationRecord[]
}

/** What the operations and resources of this folder share. */
export type LambdaCore = {
  readonly cloud: LocalCloud
  readonly functions: Map<string, FunctionState>
  readonly canAssume: (roleArn: string, servicePrincipal: string) => boolean
  readonly sendToQueue: SendToQueue
  /** Throws `ResourceNotFoundException`. */
  find(reference: string): FunctionState
  /** Runs an authorized event, or throws `TooManyRequestsException`. */
  run(fn: FunctionState, payload: string, requestId: string): Promise<RunResult>
  invoke(reference: string, payload: string, identity: Identity): Promise<RunResult>
  /** Returns the request id. */
  invokeAsync(reference: string, payload: string, identity: Identity): string
  views(): FunctionView[]
  readonly pool: Pool
}

export function createCore(cloud: LocalCloud, parts: LambdaParts): LambdaCore {
  const pool = parts.pool ?? createPool()
  const functions = new Map<string, FunctionState>()
  const inFlight = new Map<string, number>()
  const records = new Map<string, InvocationRecord[]>()
  const runner: RunnerParts = { cloud, pool, ...parts, mayLog: fn => mayLog(cloud, fn), record }

  function record(invocation: InvocationRecord): void {
    const kept = records.get(invocation.functionName) ?? []
    kept.unshift(invocation)
    kept.length = Math.min(kept.length, KEPT_INVOCATIONS)
    records.set(invocation.functionName, kept)
  }

  function find(reference: string): FunctionState {
    const fn = functions.get(functionName(reference))
    if (fn) return fn
    const arn = `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${functionName(reference)}`
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' })
  }

  function admit(fn: FunctionState): () => void {
    const running = inFlight.get(fn.name) ?? 0
    const all = [...inFlight.values()].reduce((sum, count) => sum + count, 0)
    const limit = fn.reservedConcurrency ?? ACCOUNT_CONCURRENCY
    if (running >= limit || all >= ACCOUNT_CONCURRENCY) {
      const reserved = fn.reservedConcurrency !== undefined && running >= fn.reservedConcurrency
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Type: 'User',
        Reason: reserved
          ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
          : 'ConcurrentInvocationLimitExceeded',
      })
    }
    inFlight.set(fn.name, running + 1)
    return () => void inFlight.set(fn.name, (inFlight.get(fn.name) ?? 1) - 1)
  }

  function allowed(reference: string, identity: Identity): FunctionState {
    const arn = `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${functionName(reference)}`
    cloud.authorize(identity, 'lambda:InvokeFunction', arn)
    return find(reference)
  }

  const core: LambdaCore = {
    cloud,
    functions,
    canAssume: parts.canAssume,
    sendToQueue: parts.sendToQueue,
    find,
    async run(fn, payload, requestId) {
      const leave = admit(fn)
      const done = cloud.clock.busy(`lambda: ${fn.name}`)
      try {
        return await runInvocation(runner, fn, payload, requestId)
      } finally {
        leave()
        done()
      }
    },
    async invoke(reference, payload, identity) {
      const fn = allowed(reference, identity)
      return await core.run(fn, checkedPayload(payload, MAX_PAYLOAD_BYTES), randomUUID())
    },
    invokeAsync(reference, payload, identity) {
      const fn = allowed(reference, identity)
      const requestId = randomUUID()
      startAsync(core, fn, checkedPayload(payload, MAX_ASYNC_PAYLOAD_BYTES), requestId)
      return requestId
    },
    views: () =>
      [...functions.values()].map(fn => ({
        name: fn.name,
        arn: fn.arn,
        environments: pool.count(fn.name),
        inFlight: inFlight.get(fn.name) ?? 0,
        invocations: records.get(fn.name) ?? [],
      })),
    pool,
  }
  return core
}

/** An event is JSON; no payload is an empty object. */
function checkedPayload(payload: string, limit: number): string {
  if (Buffer.byteLength(payload) > limit) {
    const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`
    throw new ServiceError('RequestTooLargeException', message, 413, { Type: 'User' })
  }
  if (payload === '') return '{}'
  try {
    JSON.parse(payload)
  } catch (error) {
    const message = `Could not parse request body into json: ${error instanceof Error ? error.message : error}`
    throw new ServiceError('InvalidRequestContentException', message, 400, { Type: 'User' })
  }
  return payload
}

function mayLog(cloud: LocalCloud, fn: FunctionState): boolean {
  const identity: Identity = { kind: 'role', roleArn: fn.roleArn, sessionName: fn.name }
  const group = `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${fn.logGroup}`
  try {
    cloud.authorize(identity, 'logs:CreateLogStream', `${group}:log-stream:`)
    cloud.authorize(identity, 'logs:PutLogEvents', `${group}:log-stream:any`)
    return true
  } catch {
    cloud.journal({
      source: 'lambda',
      summary: `${fn.name} may not write to ${fn.logGroup}: its log lines are lost`,
    })
    return false
  }
}
