import { randomUUID } from 'node:crypto'
import type { StartExecutionInput, StartExecutionOutput } from '@aws-sdk/client-sfn'
import { ServiceError } from '../../../contract.ts'
import { runExecution } from '../interpreter/run-execution.ts'
import { newFrame } from '../interpreter/work-state.ts'
import type { Json } from '../language/json.ts'
import type { Execution, StateMachine } from '../state.ts'
import { epochSeconds, type States, type StatesOperation, type Wire } from '../states.ts'
import { findMachine } from './find.ts'

const DAY_MS = 86_400_000
/** A name can be used again this long after its execution closed. */
const NAME_REUSE_MS = 90 * DAY_MS
const MAX_INPUT_BYTES = 262_144
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u

export const startExecution: StatesOperation<StartExecutionInput, Wire<StartExecutionOutput>> = {
  parameters: { stateMachineArn: 'string', name: 'string', input: 'string', traceHeader: 'string' },
  run(states, input, context) {
    context.authorize('states:StartExecution', input.stateMachineArn ?? '')
    const machine = findMachine(states, input.stateMachineArn)
    const name = input.name ?? randomUUID()
    const inputText = input.input ?? '{}'
    refuseInvalid(name, inputText)
    const running = findSame(states, executionArn(machine, name), inputText)
    const execution = running ?? start(states, machine, name, inputText)
    return { executionArn: execution.arn, startDate: epochSeconds(execution.startedAt) }
  },
}

/** `arn:aws:states:<region>:<account>:execution:<machine>:<name>`. */
const executionArn = (machine: StateMachine, name: string): string =>
  `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`

function refuseInvalid(name: string, inputText: string): void {
  if (!NAME.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`)
  if (Buffer.byteLength(inputText) > MAX_INPUT_BYTES) {
    throw new ServiceError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is too large')
  }
  try {
    JSON.parse(inputText)
  } catch (error) {
    throw new ServiceError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${String(error)}'`,
    )
  }
}

/** Starting a running execution again with the same name and input is the same start; any other reuse is refused. */
function findSame({ state, cloud }: States, arn: string, inputText: string): Execution | undefined {
  const earlier = state.executions.get(arn)
  if (earlier === undefined) return undefined
  if (earlier.status === 'RUNNING' && earlier.inputText === inputText) return earlier
  const stoppedAt = earlier.stoppedAt ?? Number.POSITIVE_INFINITY
  if (cloud.clock.now() - stoppedAt > NAME_REUSE_MS) return undefined
  throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
}

function start(states: States, machine: StateMachine, name: string, inputText: string): Execution {
  const { cloud } = states
  const now = cloud.clock.now()
  const execution: Execution = {
    arn: executionArn(machine, name),
    machineArn: machine.arn,
    machineName: machine.name,
    roleArn: machine.roleArn,
    name,
    definition: machine.definition,
    inputText,
    startedAt: now,
    status: 'RUNNING',
    redriveCount: 0,
    root: newFrame(machine.definition, JSON.parse(inputText) as Json, now, 1),
    history: [
      {
        id: 1,
        previousEventId: 0,
        timestamp: now,
        type: 'ExecutionStarted',
        details: { executionStartedEventDetails: { input: inputText, roleArn: machine.roleArn } },
      },
    ],
  }
  states.state.executions.delete(execution.arn)
  states.state.executions.set(execution.arn, execution)
  cloud.clock.wrote()
  cloud.journal({ source: 'states', summary: `${machine.name} ${name}: RUNNING` })
  runExecution(states, execution)
  return execution
}
