import { randomUUID } from 'node:crypto'
import { type Identity, type LocalCloud, ServiceError } from '../../contract.ts'
import type { FunctionState } from './functions.ts'
import { handleRetries, startAsync } from './invoke-async.ts'
import { createPool, type Pool, poolLimits } from './pool.ts'
import { parseReference } from './reference.ts'
import {
  type InvocationRecord,
  MAX_PAYLOAD_BYTES,
  type RunnerParts,
  type RunResult,
  runInvocation,
  startFor,
} from './run-invocation.ts'

/** Concurrent executions of the account. */
const ACCOUNT_CONCURRENCY = 1_000
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 1 MB since 2025, 256 KB before. */
const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024
/** Invocations that the console can show per function, and how much of an event or an answer. */
const KEPT_INVOCATIONS = 50
const SHOWN_CHARACTERS = 16_384

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
  /** Throws `ResourceNotFoundException`. The qualifier of an operation's own parameter goes beside the reference. */
  find(reference: string, qualifier?: string): FunctionState
  /** The ARN that a check of permissions is about, whether or not there is such a function. */
  arnOf(reference: string): string
  /** Runs an authorized event, or throws `TooManyRequestsException`. */
  run(fn: FunctionState, payload: string, requestId: string): Promise<RunResult>
  invoke(reference: string, payload: string, identity: Identity, qualifier?: string): Promise<RunResult>
  /** Returns the request id. */
  invokeAsync(reference: string, payload: string, identity: Identity, qualifier?: string): string
  /** Starts an environment of each function that has none, one after the other. */
  warmUp(): Promise<void>
  views(): FunctionView[]
  /** Finished invocations by function, for the console and for snapshots. */
  readonly records: Map<string, InvocationRecord[]>
  readonly pool: Pool
}

export function createCore(cloud: LocalCloud, parts: LambdaParts): LambdaCore {
  const functions = new Map<string, FunctionState>()
  const pool = parts.pool ?? createPool(poolLimits(() => functions.size))
  const inFlight = new Map<string, number>()
  const records = new Map<string, InvocationRecord[]>()
  const runner: RunnerParts = { cloud, pool, ...parts, mayLog: fn => mayLog(cloud, fn), record }

  function record(invocation: InvocationRecord): void {
    const kept = records.get(invocation.functionName) ?? []
    kept.unshift({ ...invocation, payload: shown(invocation.payload), result: shown(invocation.result) })
    kept.length = Math.min(kept.length, KEPT_INVOCATIONS)
    records.set(invocation.functionName, kept)
  }

  function arnOf(reference: string): string {
    const { name } = parseReference(cloud, reference)
    return `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}`
  }

  function find(reference: string, qualifier?: string): FunctionState {
    const { name, qualifier: own } = parseReference(cloud, reference)
    if (own !== undefined && qualifier !== undefined && own !== qualifier) {
      const message = 'The derived qualifier from the function name does not match the specified qualifier.'
      throw new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' })
    }
    const version = own ?? qualifier ?? '$LATEST'
    const fn = functions.get(name)
    if (fn && version === '$LATEST') return fn
    const arn = `${arnOf(reference)}${version === '$LATEST' ? '' : `:${version}`}`
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' })
  }

  /** What reserved functions leave of the account's concurrency is shared by all others. */
  function isFull(fn: FunctionState): boolean {
    const running = (one: FunctionState) => inFlight.get(one.name) ?? 0
    if (fn.reservedConcurrency !== undefined) return running(fn) >= fn.reservedConcurrency
    const others = [...functions.values()]
    const reserved = others.reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0)
    const shared = others.filter(one => one.reservedConcurrency === undefined)
    return shared.reduce((sum, one) => sum + running(one), 0) >= ACCOUNT_CONCURRENCY - reserved
  }

  function admit(fn: FunctionState): () => void {
    if (isFull(fn)) {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Type: 'User',
        Reason:
          fn.reservedConcurrency === undefined
            ? 'ConcurrentInvocationLimitExceeded'
            : 'ReservedFunctionConcurrentInvocationLimitExceeded',
      })
    }
    inFlight.set(fn.name, (inFlight.get(fn.name) ?? 0) + 1)
    return () => void inFlight.set(fn.name, (inFlight.get(fn.name) ?? 1) - 1)
  }

  function allowed(reference: string, identity: Identity, qualifier: string | undefined): FunctionState {
    cloud.authorize(identity, 'lambda:InvokeFunction', arnOf(reference))
    return find(reference, qualifier)
  }

  const core: LambdaCore = {
    cloud,
    functions,
    canAssume: parts.canAssume,
    sendToQueue: parts.sendToQueue,
    find,
    arnOf,
    records,
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
    async invoke(reference, payload, identity, qualifier) {
      const fn = allowed(reference, identity, qualifier)
      return await core.run(fn, checkedPayload(payload, MAX_PAYLOAD_BYTES), randomUUID())
    },
    invokeAsync(reference, payload, identity, qualifier) {
      const fn = allowed(reference, identity, qualifier)
      const requestId = randomUUID()
      startAsync(core, fn.name, checkedPayload(payload, MAX_ASYNC_PAYLOAD_BYTES), requestId)
      return requestId
    },
    async warmUp() {
      for (const fn of functions.values()) await pool.warm(fn.name, () => startFor(runner, fn))
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
  handleRetries(core)
  return core
}

function shown(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)} …`
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
