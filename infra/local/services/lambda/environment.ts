import { randomBytes } from 'node:crypto'
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LocalTime, LogLine } from '../../contract.ts'
import { handlerFile } from './code.ts'
import type { FunctionState } from './functions.ts'
import type { ErrorShape, FromWorker, InvocationContext, WorkerSetup } from './worker/messages.ts'
import { workerFile } from './worker-source.ts'

/** Real time that Lambda gives a cold start before it counts against the function's timeout. */
const INIT_LIMIT_MS = 10_000

/** V8 would give each worker's short-lived objects up to 48 MB before it looks for garbage. */
const YOUNG_GENERATION_MB = 6

export type Outcome = {
  readonly payload: string
  readonly failed: boolean
  readonly durationMs: number
  /** Only of the first invocation. */
  readonly initMs: number | undefined
  readonly usedMb: number
  readonly timedOut: boolean
}

export type Environment = {
  readonly logStream: string
  /** Runs one event; the next only when this one has ended. Never rejects. */
  invoke(payload: string, context: InvocationContext, watch: Watch): Promise<Outcome>
  /** The bundle is loaded, or never will be. */
  readonly ready: Promise<void>
  /** It is not ready yet. */
  readonly starting: boolean
  /** The worker ended: the environment takes no more events. */
  readonly dead: boolean
  terminate(): Promise<void>
}

export type Watch = {
  /** Each line that the worker prints, all of them before the outcome; those of a cold start before `onStart`. */
  onLog(line: LogLine): void
  /** The environment is ready and takes the event. */
  onStart(): void
}

type Settle = (
  message: Exclude<FromWorker, { kind: 'log' }> | { readonly kind: 'exit'; readonly reason: string },
) => void

/** Starts a worker thread for a function. Its environment variables are its own; `now` names the log stream's day. */
export function startEnvironment(
  fn: FunctionState,
  variables: (logStream: string) => Record<string, string>,
  clock: SharedArrayBuffer,
  now: LocalTime,
): Environment {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')
  const logStream = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`
  const startedAt = performance.now()
  const { file, exportName } = handlerFile(fn)
  const { NODE_OPTIONS: nodeOptions, ...env } = variables(logStream)
  // Node's answer ends with a folder for its own version.
  const cacheDir = getCompileCacheDir()
  const compileCacheDir = cacheDir === undefined ? undefined : dirname(cacheDir)
  const setup: WorkerSetup = {
    file,
    exportName,
    taskRoot: fn.codeDir,
    clock,
    nodeOptions,
    compileCacheDir,
  }
  const worker = new Worker(workerFile(), {
    workerData: setup,
    env,
    // Without this a worker inherits the loaders of the process that runs the local cloud.
    execArgv: [],
    // Nothing is read from these: the worker posts its output. They keep native prints off our terminal.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })

  let dead = false
  let isReady = false
  let initMs: number | undefined
  let early: Parameters<Settle>[0] | undefined
  let settle: Settle | undefined
  const initLines: LogLine[] = []
  let onLine = (line: LogLine): void => void initLines.push(line)

  function conclude(message: Parameters<Settle>[0]): void {
    if (settle) settle(message)
    else early ??= message
  }

  const ready = Promise.withResolvers<void>()
  let starting = true
  void ready.promise.then(() => {
    starting = false
  })
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'log') {
      onLine({ timestamp: message.timestamp, message: message.message })
      return
    }
    if (message.kind === 'ready') {
      initMs = performance.now() - startedAt
      ready.resolve()
      return
    }
    if (message.kind === 'error' && message.fatal) dead = true
    conclude(message)
    ready.resolve()
  })
  worker.on('error', error => {
    dead = true
    const outOfMemory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY'
    conclude({ kind: 'exit', reason: outOfMemory ? 'signal: killed' : `uncaught: ${error.message}` })
    ready.resolve()
  })
  worker.on('exit', code => {
    dead = true
    conclude({ kind: 'exit', reason: `exit status ${code}` })
    ready.resolve()
  })

  async function invoke(payload: string, context: InvocationContext, watch: Watch): Promise<Outcome> {
    for (const line of initLines.splice(0)) watch.onLog(line)
    onLine = watch.onLog
    if (!isReady) await Promise.race([ready.promise, realDelay(INIT_LIMIT_MS)])
    isReady = true
    watch.onStart()
    const coldStartMs = initMs
    initMs = undefined
    const begunAt = performance.now()
    const ended = new Promise<Parameters<Settle>[0] | { kind: 'timeout' }>(resolve => {
      const limit = setTimeout(() => resolve({ kind: 'timeout' }), context.timeoutMs)
      settle = message => {
        clearTimeout(limit)
        resolve(message)
      }
    })
    if (early) settle?.(early)
    else if (dead) settle?.({ kind: 'exit', reason: 'exit status 1' })
    else worker.postMessage({ kind: 'invoke', payload, context })
    const message = await ended
    settle = undefined
    early = undefined
    if (message.kind === 'timeout' || dead) await terminate()
    onLine = line => void initLines.push(line)
    return toOutcome(message, context, performance.now() - begunAt, coldStartMs)
  }

  async function terminate(): Promise<void> {
    dead = true
    await worker.terminate()
  }

  return {
    logStream,
    ready: ready.promise,
    get starting() {
      return starting
    },
    invoke,
    get dead() {
      return dead
    },
    terminate,
  }
}

function toOutcome(
  message: Parameters<Settle>[0] | { readonly kind: 'timeout' },
  context: InvocationContext,
  durationMs: number,
  initMs: number | undefined,
): Outcome {
  const base = { durationMs, initMs, timedOut: false }
  if (message.kind === 'result')
    return { ...base, payload: message.payload, failed: false, usedMb: message.usedMb }
  if (message.kind === 'error') return { ...base, ...failure(message.error), usedMb: message.usedMb }
  const seconds = (context.timeoutMs / 1000).toFixed(2)
  const what =
    message.kind === 'timeout'
      ? { errorType: 'Sandbox.Timedout', text: `Task timed out after ${seconds} seconds` }
      : { errorType: 'Runtime.ExitError', text: `Runtime exited with error: ${exitReason(message)}` }
  const document = {
    errorType: what.errorType,
    errorMessage: `RequestId: ${context.requestId} Error: ${what.text}`,
  }
  return {
    ...base,
    ...failure(document),
    usedMb: context.memoryMb,
    timedOut: message.kind === 'timeout',
  }
}

function exitReason(message: { readonly kind: string; readonly reason?: string }): string {
  return message.reason ?? 'exit status 1'
}

function failure(document: ErrorShape | { errorType: string; errorMessage: string }) {
  return { payload: JSON.stringify(document), failed: true }
}

function realDelay(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref())
}
