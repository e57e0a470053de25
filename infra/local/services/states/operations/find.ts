import { ServiceError, UnsupportedError } from '../../../contract.ts'
import type { Execution, StateMachine } from '../state.ts'
import { invalidArn, type States } from '../states.ts'

const ARN = /^arn:[^:]*:states:[^:]*:\d{12}:([A-Za-z]+):(.+)$/s

/** Each throws Step Functions' own error when the ARN is none, or nothing has it. */
export function findMachine({ state }: States, arn: string): StateMachine {
  const name = nameIn(arn, 'stateMachine')
  if (name.includes(':')) throw new UnsupportedError(`versions and aliases of state machines (${arn})`)
  const machine = state.machines.get(arn)
  if (machine === undefined) {
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
  }
  return machine
}

export function findExecution({ state }: States, arn: string): Execution {
  nameIn(arn, 'execution')
  const execution = state.executions.get(arn)
  if (execution === undefined) {
    throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
  }
  return execution
}

function nameIn(arn: string, type: string): string {
  if (!arn.startsWith('arn:')) throw invalidArn(`Invalid ARN prefix: ${arn}`)
  const [, found, name] = ARN.exec(arn) ?? []
  if (found === undefined || name === undefined) throw invalidArn(`Invalid ARN: ${arn}`)
  if (found !== type) throw invalidArn(`Resource type not valid in this context: ${found}`)
  return name
}
