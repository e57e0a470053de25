import { runExecution } from './interpreter/run-execution.ts'
import type { Execution } from './state.ts'
import type { States } from './states.ts'

export type StatesSnapshot = { readonly executions: ReadonlyMap<string, Execution> }

/** Every execution, each with the machine it was started on. */
export const takeSnapshot = ({ state }: States): StatesSnapshot => ({ executions: state.executions })

/** Puts executions back; those that ran run on from where their frames stand, their waits armed again. */
export function restoreSnapshot(states: States, { executions }: StatesSnapshot): void {
  for (const [arn, execution] of executions) {
    states.state.executions.set(arn, execution)
    if (execution.status === 'RUNNING') runExecution(states, execution)
  }
}
