import { randomBytes } from 'node:crypto'
import type { InvokeResult, LocalCloud, LocalTime, LogLine } from '../../contract.ts'
import { type Environment, type Outcome, startEnvironment } from './environment.ts'
import type { FunctionState } from './functions.ts'
import type { Pool } from './pool.ts'
import { runtimeVariables } from './variables.ts'
import type { InvocationContext } from './worker/messages.ts'

/** Lambda's answer may be 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024

/** One finished invocation, for the console. Times: `startedAt` local, durations real. */
export type InvocationRecord = {
  readonly functionName: string
  readonly requestId: string
  readonly startedAt: LocalTime
  readonly durationMs: number
  readonly coldStart: boolean
  readonly failed: boolean
  readonly payload: string
  readonly result: string
  readonly lines: readonly LogLine[]
}

export type RunnerParts = {
  readonly cloud: LocalCloud
  readonly pool: Pool
  readonly clockCells: SharedArrayBuffer
  readonly accessKeyFor: (roleArn: string, sessionName: string, environmentId: string) => string
  /** Whether the function's role may write to its log group; without it the lines are lost, as on AWS. */
  readonly mayLog: (fn: FunctionState) => boolean
  readonly record: (invocation: InvocationRecord) => void
}

export type RunResult = InvokeResult & { readonly lines: readonly LogLine[] }

/** Runs one event in an environment of the function. The lines are in the log group when this resolves. */
export async function runInvocation(
  parts: RunnerParts,
  fn: FunctionState,
  payload: string,
  requestId: string,
): Promise<RunResult> {
  const { cloud, pool } = parts
  const environment = await pool.acquire(fn.name, () => startFor(parts, fn))
  const startedAt = cloud.clock.now()
  const lines: LogLine[] = []
  const context = invocationContext(fn, requestId, environment)
  const platform = (message: string) => lines.push({ timestamp: cloud.clock.now(), message })
  const running = environment.invoke(payload, context, {
    onLog: line => void lines.push(line),
    onStart: () => void platform(`START RequestId: ${requestId} Version: $LATEST`),
  })
  const outcome = limitAnswer(await running, requestId)
  pool.release(environment)
  for (const message of closingLines(fn, requestId, outcome)) platform(message)
  if (parts.mayLog(fn)) cloud.putLogs(fn.logGroup, environment.logStream, lines)
  parts.record({
    functionName: fn.name,
    requestId,
    startedAt,
    durationMs: outcome.durationMs,
    coldStart: outcome.initMs !== undefined,
    failed: outcome.failed,
    payload,
    result: outcome.payload,
    lines,
  })
  const result = { payload: outcome.payload, requestId, lines }
  return outcome.failed ? { ...result, functionError: 'Unhandled' } : result
}

/** An execution environment of a function, with the variables that Lambda gives it. */
export function startFor({ cloud, clockCells, accessKeyFor }: RunnerParts, fn: FunctionState): Environment {
  const variables = (logStream: string) =>
    runtimeVariables(fn, {
      region: cloud.region,
      endpointUrl: cloud.endpointUrl,
      accessKeyId: accessKeyFor(fn.roleArn, fn.name, logStream),
      logStream,
    })
  return startEnvironment(fn, variables, clockCells, cloud.clock.now())
}

function invocationContext(
  fn: FunctionState,
  requestId: string,
  environment: Environment,
): InvocationContext {
  const trace = `Root=1-${randomBytes(4).toString('hex')}-${randomBytes(12).toString('hex')}`
  return {
    requestId,
    timeoutMs: fn.timeoutSeconds * 1000,
    traceId: `${trace};Parent=${randomBytes(8).toString('hex')};Sampled=0`,
    functionName: fn.name,
    functionArn: fn.arn,
    memoryMb: fn.memoryMb,
    logGroup: fn.logGroup,
    logStream: environment.logStream,
  }
}

function limitAnswer(outcome: Outcome, requestId: string): Outcome {
  const size = Buffer.byteLength(outcome.payload)
  if (outcome.failed || size <= MAX_PAYLOAD_BYTES) return outcome
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`
  const document = {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `RequestId: ${requestId} ${errorMessage}`,
  }
  return { ...outcome, failed: true, payload: JSON.stringify(document) }
}

function closingLines(fn: FunctionState, requestId: string, outcome: Outcome): string[] {
  const duration = outcome.durationMs.toFixed(2)
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration} ms`,
    `Billed Duration: ${Math.ceil(outcome.durationMs + (outcome.initMs ?? 0))} ms`,
    `Memory Size: ${fn.memoryMb} MB`,
    `Max Memory Used: ${outcome.usedMb} MB`,
    ...(outcome.initMs === undefined ? [] : [`Init Duration: ${outcome.initMs.toFixed(2)} ms`]),
    ...(outcome.timedOut ? ['Status: timeout'] : []),
  ]
  return [`END RequestId: ${requestId}`, `${report.join('\t')}\t`]
}
