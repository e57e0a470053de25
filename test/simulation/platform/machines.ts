import type { Executions } from '../../../billing/workflows/executions.ts'
import { type LocalCloud, ServiceError } from '../../../infra/local/contract.ts'
import { createFaults } from '../../../infra/local/faults.ts'
import { createStatesService, type StatesService } from '../../../infra/local/services/states/index.ts'
import { ACCOUNT, type Assembly, functionNameOf, REGION } from './assembly.ts'
import type { SimulatedClock } from './clock.ts'
import type { Effects } from './effects.ts'
import { FAULT_KINDS, type FaultKind } from './faults.ts'
import type { Functions } from './functions.ts'
import { FunctionDied, type Invocations } from './invocations.ts'

/** A task is not the function: it fails, its answer is lost, it runs twice. */
const TASK: readonly FaultKind[] = ['fail', 'lost', 'twice']

/** The state machines of the templates, interpreted by the local cloud's Step Functions on the simulated clock. */
export function createMachines(
  assembly: Assembly,
  clock: SimulatedClock,
  effects: Effects,
  functions: Functions,
  invocations: Invocations,
) {
  const cloud = simulatedCloud(clock, effects, functions)
  const service = createStatesService(cloud)
  for (const { name, definition, roleArn } of assembly.machines) {
    service.resources['AWS::StepFunctions::StateMachine']?.({
      stackName: 'simulation',
      logicalId: name,
      type: 'AWS::StepFunctions::StateMachine',
      properties: { StateMachineName: name, DefinitionString: definition, RoleArn: roleArn },
      assemblyDir: '',
    })
  }
  return { executions: executionsOf(service, effects, invocations), stop: stopper(service, effects), service }
}

function executionsOf(service: StatesService, effects: Effects, invocations: Invocations): Executions {
  const context = { identity: { kind: 'root' } as const, requestId: '', authorize: () => undefined }
  const refuse = (): never => {
    throw Object.assign(new Error('simulated: Step Functions'), { name: 'ThrottlingException' })
  }
  const arnOf = (machine: string, name: string) =>
    `${machine.replace(':stateMachine:', ':execution:')}:${name}`
  return {
    start: (machineArn, name, input) =>
      effects.cross({
        name: `StartExecution ${name}`,
        kinds: FAULT_KINDS,
        async run() {
          // An execution that exists under this name is left alone, as billing's client takes it.
          if (service.execution(arnOf(machineArn, name))) return
          const given = { stateMachineArn: machineArn, name, input: JSON.stringify(input) }
          await invocations.outside(() => service.operations.StartExecution?.(given, context))
        },
        fail: refuse,
        lose: refuse,
      }),
    status: (machineArn, name) =>
      effects.cross({
        name: `DescribeExecution ${name}`,
        kinds: ['fail', 'slow_before', 'slow_after'],
        run: () => statusOf(service.execution(arnOf(machineArn, name))?.status),
        fail: refuse,
      }),
  }
}

/** As `stop-execution.ts`: an execution that has ended, or never was, is left alone. */
function stopper(service: StatesService, effects: Effects) {
  return (name: string, cause: string): Promise<void> =>
    effects.cross({
      name: `StopExecution ${name}`,
      kinds: FAULT_KINDS,
      async run() {
        const running = service.executions().find(one => one.name === name && one.status === 'RUNNING')
        const context = { identity: { kind: 'root' } as const, requestId: '', authorize: () => undefined }
        if (running) await service.operations.StopExecution?.({ executionArn: running.arn, cause }, context)
      },
    })
}

function statusOf(status: string | undefined): Awaited<ReturnType<Executions['status']>> {
  if (status === undefined) return 'missing'
  if (status === 'SUCCEEDED') return 'succeeded'
  return status === 'RUNNING' ? 'running' : 'failed'
}

function simulatedCloud(clock: SimulatedClock, effects: Effects, functions: Functions): LocalCloud {
  const unused = (): never => {
    throw new Error('no state machine needs this')
  }
  return {
    clock,
    region: REGION,
    accountId: ACCOUNT,
    endpointUrl: '',
    journal: ({ summary, detail }) =>
      functions.trace(`${summary} ${detail === undefined ? '' : JSON.stringify(detail)}`),
    authorize: () => undefined,
    invoke: (arn, payload) =>
      effects.cross({
        name: `task ${functionNameOf(arn)}`,
        kinds: TASK,
        run: () => invokeTask(functions, functionNameOf(arn), payload),
        fail(variant) {
          if (variant(2) === 0) throw new ServiceError('TooManyRequestsException', 'simulated', 429)
          throw new ServiceError('ServiceException', 'simulated', 500)
        },
        lose() {
          throw new ServiceError('ServiceException', 'simulated', 500)
        },
      }),
    // Status events of executions: nobody listens.
    deliver: async () => undefined,
    invokeAsync: unused,
    putLogs: unused,
    call: unused,
    setResourcePolicy: unused,
    faults: createFaults({ clock, journal: () => undefined, stop: () => undefined }),
  }
}

/** As Lambda answers: a throw becomes `{errorType, errorMessage}`, and so does a death. */
async function invokeTask(functions: Functions, functionName: string, payload: string) {
  const requestId = functionName
  try {
    const value = await functions.invoke(functionName, JSON.parse(payload))
    return { payload: JSON.stringify(value ?? null), requestId }
  } catch (error) {
    const errorType =
      error instanceof FunctionDied ? error.errorType : error instanceof Error ? error.name : 'Error'
    const errorMessage = error instanceof Error ? error.message : String(error)
    functions.trace(`task of ${functionName} failed: ${errorType}: ${errorMessage}`)
    return {
      payload: JSON.stringify({ errorType, errorMessage, trace: [] }),
      functionError: 'Unhandled' as const,
      requestId,
    }
  }
}
