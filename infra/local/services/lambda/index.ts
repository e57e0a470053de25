import type { Identity, LocalCloud, Service } from '../../contract.ts'
import { createCore, type FunctionView, type LambdaParts } from './core.ts'
import { getFunction } from './operations/get-function.ts'
import { getFunctionConcurrency } from './operations/get-function-concurrency.ts'
import { getFunctionConfiguration } from './operations/get-function-configuration.ts'
import { getFunctionEventInvokeConfig } from './operations/get-function-event-invoke-config.ts'
import { getPolicy } from './operations/get-policy.ts'
import { invoke } from './operations/invoke.ts'
import { listFunctions } from './operations/list-functions.ts'
import { createEventInvokeConfig } from './resources/event-invoke-config.ts'
import { createFunction } from './resources/function.ts'
import { createPermission } from './resources/permission.ts'
import type { RunResult } from './run-invocation.ts'

export type { FunctionView } from './core.ts'
export type { InvocationRecord } from './run-invocation.ts'

export type LambdaService = Service & {
  invoke(reference: string, payload: string, identity: Identity): Promise<RunResult>
  invokeAsync(reference: string, payload: string, identity: Identity): void
  functions(): FunctionView[]
  /**
   * Starts an environment of each function before anybody asks, as Lambda does at times (proactive initialization).
   * One after the other: on a laptop's second core, while the first one does something else.
   */
  warmUp(): Promise<void>
  /** Ends the environment that signs as this identity, in the middle of its event. */
  stopEnvironmentOf(caller: Identity): void
  /** Puts new code behind a function; its environments end and the next event starts a new one. */
  replaceCode(name: string, codeDir: string): Promise<void>
}

/** AWS Lambda: real bundles in worker threads. */
export function createLambdaService(cloud: LocalCloud, parts: LambdaParts): LambdaService {
  const core = createCore(cloud, parts)
  return {
    name: 'lambda',
    signingName: 'lambda',
    protocol: 'rest-json',
    routes: [
      {
        method: 'POST',
        path: '/2015-03-31/functions/{FunctionName}/invocations',
        operation: 'Invoke',
        rawBody: 'Payload',
        headers: {
          'x-amz-invocation-type': 'InvocationType',
          'x-amz-log-type': 'LogType',
          'x-amz-client-context': 'ClientContext',
        },
      },
      { method: 'GET', path: '/2015-03-31/functions', operation: 'ListFunctions' },
      { method: 'GET', path: '/2015-03-31/functions/{FunctionName}', operation: 'GetFunction' },
      {
        method: 'GET',
        path: '/2015-03-31/functions/{FunctionName}/configuration',
        operation: 'GetFunctionConfiguration',
      },
      { method: 'GET', path: '/2015-03-31/functions/{FunctionName}/policy', operation: 'GetPolicy' },
      {
        method: 'GET',
        path: '/2019-09-30/functions/{FunctionName}/concurrency',
        operation: 'GetFunctionConcurrency',
      },
      {
        method: 'GET',
        path: '/2019-09-25/functions/{FunctionName}/event-invoke-config',
        operation: 'GetFunctionEventInvokeConfig',
      },
    ],
    operations: {
      Invoke: invoke(core),
      ListFunctions: listFunctions(core),
      GetFunction: getFunction(core),
      GetFunctionConfiguration: getFunctionConfiguration(core),
      GetFunctionConcurrency: getFunctionConcurrency(core),
      GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(core),
      GetPolicy: getPolicy(core),
    },
    resources: {
      'AWS::Lambda::Function': createFunction(core),
      'AWS::Lambda::Permission': createPermission(core),
      'AWS::Lambda::EventInvokeConfig': createEventInvokeConfig(core),
    },
    invoke: core.invoke,
    invokeAsync: (reference, payload, identity) => void core.invokeAsync(reference, payload, identity),
    functions: core.views,
    warmUp: core.warmUp,
    stopEnvironmentOf(caller) {
      if (caller.kind === 'role') core.pool.stop(caller.environmentId)
    },
    async replaceCode(name, codeDir) {
      core.find(name).codeDir = codeDir
      await core.pool.retire(name)
    },
    snapshot: () => core.records,
    restore(state) {
      // Events that wait for a retry are timers, which the clock restores.
      for (const [name, records] of state as typeof core.records) core.records.set(name, records)
    },
    stop: () => core.pool.retire(),
  }
}
