import type { LocalCloud, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { end } from './interpreter/run.ts'
import { describeExecution } from './operations/describe-execution.ts'
import { describeStateMachine } from './operations/describe-state-machine.ts'
import { describeStateMachineForExecution } from './operations/describe-state-machine-for-execution.ts'
import { getExecutionHistory } from './operations/get-execution-history.ts'
import { listExecutions } from './operations/list-executions.ts'
import { listStateMachines } from './operations/list-state-machines.ts'
import { redriveExecution } from './operations/redrive-execution.ts'
import { startExecution } from './operations/start-execution.ts'
import { stopExecution } from './operations/stop-execution.ts'
import { validateStateMachineDefinition } from './operations/validate-state-machine-definition.ts'
import { provideStateMachine } from './provide-state-machine.ts'
import {
  type ExecutionSummary,
  type ExecutionView,
  type MachineView,
  summarize,
  viewExecution,
  viewMachine,
} from './read-model.ts'
import { restoreSnapshot, type StatesSnapshot, takeSnapshot } from './snapshot.ts'
import { DIALECT, type States } from './states.ts'

export type {
  ExecutionSummary,
  ExecutionView,
  MachineGraph,
  MachineView,
  StateNode,
  Visit,
} from './read-model.ts'

export type StatesService = Service & {
  /** All executions, the newest first. */
  executions(): ExecutionSummary[]
  /** One execution on its machine's graph: where it is, where it was and when, and its history. */
  execution(arn: string): ExecutionView | undefined
  /** All machines as graphs. */
  machines(): MachineView[]
}

/** Step Functions: Standard state machines in JSONPath, interpreted on the local clock. */
export function createStatesService(cloud: LocalCloud): StatesService {
  const states: States = { cloud, state: { machines: new Map(), executions: new Map() }, running: new Map() }
  return {
    name: 'states',
    signingName: 'states',
    protocol: 'json',
    targetPrefix: 'AWSStepFunctions',
    jsonVersion: '1.0',
    operations: bindOperations(DIALECT, states, {
      DescribeExecution: describeExecution,
      DescribeStateMachine: describeStateMachine,
      DescribeStateMachineForExecution: describeStateMachineForExecution,
      GetExecutionHistory: getExecutionHistory,
      ListExecutions: listExecutions,
      ListStateMachines: listStateMachines,
      RedriveExecution: redriveExecution,
      StartExecution: startExecution,
      StopExecution: stopExecution,
      ValidateStateMachineDefinition: validateStateMachineDefinition,
    }),
    resources: { 'AWS::StepFunctions::StateMachine': request => provideStateMachine(states, request) },
    executions: () => [...states.state.executions.values()].reverse().map(summarize),
    execution(arn) {
      const execution = states.state.executions.get(arn)
      return execution === undefined ? undefined : viewExecution(execution)
    },
    machines: () => [...states.state.machines.values()].map(viewMachine),
    snapshot: () => takeSnapshot(states),
    restore: state => restoreSnapshot(states, state as StatesSnapshot),
    stop: async () => {
      for (const control of states.running.values()) end(control)
    },
  }
}
