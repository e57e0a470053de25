/** What the main thread and an execution environment's worker say to each other. All on one port, so order holds. */

export type WorkerSetup = {
  /** File of the bundle, e.g. `/…/asset.1a2b/index.mjs`. */
  readonly file: string
  /** Exported name, e.g. `handler`. */
  readonly exportName: string
  readonly taskRoot: string
  /** The local clock (`clock.ts`): mode and value. */
  readonly clock: SharedArrayBuffer
  /** The function's `NODE_OPTIONS`, which Node would act on if the worker started with it. */
  readonly nodeOptions: string | undefined
  /** Where compiled code is kept from start to start; only when this process keeps its own there. */
  readonly compileCacheDir: string | undefined
}

export type InvocationContext = {
  readonly requestId: string
  readonly timeoutMs: number
  readonly traceId: string
  readonly functionName: string
  readonly functionArn: string
  readonly memoryMb: number
  readonly logGroup: string
  readonly logStream: string
}

export type ToWorker = {
  readonly kind: 'invoke'
  readonly payload: string
  readonly context: InvocationContext
}

export type ErrorShape = {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly timestamp: number; readonly message: string }
  | { readonly kind: 'result'; readonly payload: string; readonly usedMb: number }
  /** `fatal`: the environment cannot take another event. */
  | { readonly kind: 'error'; readonly error: ErrorShape; readonly usedMb: number; readonly fatal: boolean }
