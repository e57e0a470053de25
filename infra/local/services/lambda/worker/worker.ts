import { existsSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { pathToFileURL } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { errorLogText, errorShape } from './errors.ts'
import { installLocalDate } from './local-date.ts'
import type { ErrorShape, FromWorker, InvocationContext, ToWorker, WorkerSetup } from './messages.ts'
import { installOutput } from './output.ts'
import { installResolveGuard } from './resolve-guard.ts'
import { createSourcePositions } from './source-positions.ts'

/**
 * An execution environment: loads the bundle once and runs one event at a time. `Date` and the output are in place
 * before the bundle is loaded.
 */

const setup = workerData as WorkerSetup
const port = parentPort
if (!port) throw new Error('This file runs in a worker thread')

type Handler = (event: unknown, context: object) => unknown

if (setup.nodeOptions !== undefined) process.env.NODE_OPTIONS = setup.nodeOptions
if (setup.compileCacheDir !== undefined) enableCompileCache(setup.compileCacheDir)
installLocalDate(setup.clock)
const inSources = setup.nodeOptions?.includes('--enable-source-maps')
  ? createSourcePositions(setup.taskRoot)
  : (text: string) => text
const output = installOutput(message =>
  send({ kind: 'log', timestamp: Date.now(), message: inSources(message) }),
)
installResolveGuard(setup.taskRoot)
let hasKeptCode = setup.compileCacheDir === undefined

process.on('uncaughtException', error => die('Uncaught Exception', error, errorShape(error).errorType))
process.on('unhandledRejection', reason =>
  die('Unhandled Promise Rejection', reason, 'Runtime.UnhandledPromiseRejection'),
)

const handler = await load()
if (handler) {
  port.on('message', (message: ToWorker) => void invoke(handler, message))
  send({ kind: 'ready' })
}

async function load(): Promise<Handler | undefined> {
  try {
    if (!existsSync(setup.file)) throw missingModule()
    const module = (await import(pathToFileURL(setup.file).href)) as Record<string, unknown>
    const exported =
      module[setup.exportName] ?? (module.default as Record<string, unknown>)?.[setup.exportName]
    if (typeof exported === 'function') return checked(exported as Handler)
    const file = setup.file
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '')
    const name = `${file}.${setup.exportName}`
    throw Object.assign(new Error(`${name} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    })
  } catch (error) {
    die('Uncaught Exception', error, initErrorType(error))
    return undefined
  }
}

function missingModule(): Error {
  const name = setup.file
    .split('/')
    .at(-1)
    ?.replace(/\.\w+$/, '')
  return Object.assign(new Error(`Cannot find module '${name}' in ${setup.taskRoot}`), {
    code: 'ERR_MODULE_NOT_FOUND',
  })
}

/** Node 24 on Lambda no longer takes callback handlers. */
function checked(found: Handler): Handler {
  if (found.length < 3) return found
  throw Object.assign(new Error('AWS Lambda has removed support for callback-based function handlers'), {
    name: 'Runtime.CallbackHandlerDeprecated',
  })
}

function initErrorType(error: unknown): string {
  if (error instanceof SyntaxError) return 'Runtime.UserCodeSyntaxError'
  if ((error as { code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND')
    return 'Runtime.ImportModuleError'
  return errorShape(error).errorType
}

async function invoke(run: Handler, { payload, context }: ToWorker): Promise<void> {
  output.setRequestId(context.requestId)
  process.env._X_AMZN_TRACE_ID = context.traceId
  try {
    const result: unknown = await run(JSON.parse(payload), contextObject(context))
    const text = stringify(result)
    output.flush()
    send({ kind: 'result', payload: text, usedMb: usedMb() })
  } catch (error) {
    output.runtimeLine('ERROR', `Invoke Error \t${errorLogText(error)}`)
    send({ kind: 'error', error: located(errorShape(error)), usedMb: usedMb(), fatal: false })
  }
  keepCompiledCode()
}

/** After an event, since that compiles what loading left out. Node would wait for an end in good order. */
function keepCompiledCode(): void {
  if (!hasKeptCode) flushCompileCache()
  hasKeptCode = true
}

function located(error: ErrorShape): ErrorShape {
  return { ...error, trace: inSources(error.trace.join('\n')).split('\n') }
}

function stringify(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null'
  } catch {
    throw Object.assign(new Error('Unable to stringify response body'), { name: 'Runtime.MarshalError' })
  }
}

function contextObject(context: InvocationContext): object {
  // Timeouts are real time, whatever the local clock says.
  const endsAt = performance.now() + context.timeoutMs
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: context.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: context.functionArn,
    memoryLimitInMB: String(context.memoryMb),
    awsRequestId: context.requestId,
    logGroupName: context.logGroup,
    logStreamName: context.logStream,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())),
  }
}

function die(title: string, error: unknown, errorType: string): void {
  output.runtimeLine('ERROR', `${title} \t${errorLogText(error)}`)
  const shape = { ...located(errorShape(error)), errorType }
  send({ kind: 'error', error: shape, usedMb: usedMb(), fatal: true })
}

function usedMb(): number {
  return Math.ceil(getHeapStatistics().used_heap_size / 1024 / 1024)
}

function send(message: FromWorker): void {
  port?.postMessage(message)
}
