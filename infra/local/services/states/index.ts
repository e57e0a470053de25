import type { LocalCloud, Operation, Service } from '../../contract.ts'
import { end } from './interpreter/run.ts'
import { currentStates } from './interpreter/run-execution.ts'
import { describeExecution } from './operations/describe-execution.ts'
import { describeStateMachine } from './operations/describe-state-machine.ts'
import { getExecutionHistory } from './operations/get-execution-history.ts'
import { listExecutions } from './operations/list-executions.ts'
import { listStateMachines } from './operations/list-state-machines.ts'
import { redriveExecution } from './operations/redrive-execution.ts'
import { startExecution } from './operations/start-execution.ts'
import { stopExecution } from './operations/stop-execution.ts'
import { provideStateMachine } from './provide-state-machine.ts'
import { readInput } from './read-input.ts'
import type { Execution } from './state.ts'
import type { States, StatesOperation } from './states.ts'

export type ExecutionSummary = {
  readonly machine: string
  readonly name: string
  readonly arn: string
  readonly status: Execution['status']
  /** ISO times. */
  readonly startedAt: string
  readonly stoppedAt?: string
  readonly currentStates: readonly string[]
  readonly input: unknown
  readonly output?: unknown
  readonly error?: string
  readonly cause?: string
}

export type StatesService = Service & {
  /** All executions, the newest first. */
  executions(): ExecutionSummary[]
}

// biome-ignore lint/suspicious/noExplicitAny: a table of operations with different inputs and outputs.
const OPERATIONS: Readonly<Record<string, StatesOperation<any, unknown>>> = {
  StartExecution: startExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
  StopExecution: stopExecution,
  RedriveExecution: redriveExecution,
  ListStateMachines: listStateMachines,
  DescribeStateMachine: describeStateMachine,
}

/** Step Functions: Standard state machines in JSONPath, interpreted on the local clock. */
export function createStatesService(cloud: LocalCloud): StatesService {
  const states: States = { cloud, state: { machines: new Map(), executions: new Map() }, running: new Map() }
  const bind =
    (name: string, operation: StatesOperation<Record<string, unknown>, unknown>): Operation =>
    (given, context) =>
      operation.run(states, readInput(name, given, operation.parameters), context)
  return {
    name: 'states',
    signingName: 'states',
    protocol: 'json',
    targetPrefix: 'AWSStepFunctions',
    jsonVersion: '1.0',
    operations: Object.fromEntries(
      Object.entries(OPERATIONS).map(([name, operation]) => [name, bind(name, operation)]),
    ),
    resources: { 'AWS::StepFunctions::StateMachine': request => provideStateMachine(states, request) },
    executions: () => [...states.state.executions.values()].reverse().map(summaryOf),
    stop: async () => {
      for (const control of states.running.values()) end(control)
    },
  }
}

const summaryOf = (execution: Execution): ExecutionSummary => ({
  machine: execution.machineName,
  name: execution.name,
  arn: execution.arn,
  status: execution.status,
  startedAt: new Date(execution.startedAt).toISOString(),
  ...(execution.stoppedAt === undefined ? {} : { stoppedAt: new Date(execution.stoppedAt).toISOString() }),
  currentStates: execution.status === 'RUNNING' ? currentStates(execution.root) : [],
  input: JSON.parse(execution.inputText),
  ...(execution.output === undefined ? {} : { output: execution.output }),
  ...(execution.error === undefined ? {} : { error: execution.error }),
  ...(execution.cause === undefined ? {} : { cause: execution.cause }),
})
