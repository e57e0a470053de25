import { ServiceError } from '../../../contract.ts'
import type { Execution, StateMachine } from '../state.ts'
import type { States } from '../states.ts'

/** Each throws Step Functions' own error when the record is not there. */
export function findMachine({ state }: States, arn: string | undefined): StateMachine {
  const machine = state.machines.get(arn ?? '')
  if (machine === undefined) {
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
  }
  return machine
}

export function findExecution({ state }: States, arn: string | undefined): Execution {
  const execution = state.executions.get(arn ?? '')
  if (execution === undefined) {
    throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
  }
  return execution
}
