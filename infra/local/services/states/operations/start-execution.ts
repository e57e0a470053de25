import { randomUUID } from 'node:crypto'
import type { StartExecutionInput, StartExecutionOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { jsonDepth, MAX_JSON_DEPTH } from '../../../input/json-depth.ts'
import { text } from '../../../input/members.ts'
import { runExecution } from '../interpreter/run-execution.ts'
import { newFrame } from '../interpreter/work-state.ts'
import type { Json } from '../language/json.ts'
import { arn } from '../members.ts'
import { publishStatus } from '../publish-status.ts'
import type { Execution, StateMachine } from '../state.ts'
import { epochSeconds, type States, type StatesOperation, type Wire } from '../states.ts'
import { findMachine } from './find.ts'

const input = z.strictObject({
  stateMachineArn: arn,
  name: z.optional(text({ min: 1, max: 80 })),
  input: z.optional(z.string()),
  traceHeader: z.optional(text({ max: 256, pattern: String.raw`\p{ASCII}*` })),
}) satisfies z.ZodType<StartExecutionInput>

const DAY_MS = 86_400_000
/** A closed execution is kept, and its name taken, for this long. */
const KEPT_MS = 90 * DAY_MS
const MAX_INPUT_BYTES = 262_144
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u

export const startExecution: StatesOperation<typeof input, Wire<StartExecutionOutput>> = {
  input,
  run(states, given, context) {
    const { stateMachineArn, name = randomUUID(), input: inputText = '{}', traceHeader } = given
    context.authorize('states:StartExecution', stateMachineArn)
    const machine = findMachine(states, stateMachineArn)
    if (!NAME.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`)
    const parsed = parseInput(inputText)
    forgetOld(states)
    const running = findSame(states, executionArn(machine, name), inputText)
    const execution = running ?? start(states, machine, { name, inputText, input: parsed, traceHeader })
    return { executionArn: execution.arn, startDate: epochSeconds(execution.startedAt) }
  },
}

/** `arn:aws:states:<region>:<account>:execution:<machine>:<name>`. */
const executionArn = (machine: StateMachine, name: string): string =>
  `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`

function parseInput(inputText: string): Json {
  if (Buffer.byteLength(inputText) > MAX_INPUT_BYTES) throw invalidInput('it is too large')
  if (jsonDepth(inputText) > MAX_JSON_DEPTH) throw invalidInput('it is nested too deeply')
  try {
    return JSON.parse(inputText) as Json
  } catch (error) {
    throw invalidInput(error instanceof Error ? error.message : String(error))
  }
}

const invalidInput = (reason: string): ServiceError =>
  new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${reason}'`)

function forgetOld({ state, cloud }: States): void {
  const oldest = cloud.clock.now() - KEPT_MS
  for (const [arn, { stoppedAt }] of state.executions) {
    if (stoppedAt !== undefined && stoppedAt < oldest) state.executions.delete(arn)
  }
}

/** Starting a running execution again with the same name and input is the same start; any other reuse is refused. */
function findSame({ state }: States, arn: string, inputText: string): Execution | undefined {
  const earlier = state.executions.get(arn)
  if (earlier === undefined) return undefined
  if (earlier.status === 'RUNNING' && earlier.inputText === inputText) return earlier
  throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
}

type Start = {
  readonly name: string
  readonly inputText: string
  readonly input: Json
  readonly traceHeader: string | undefined
}

function start(states: States, machine: StateMachine, given: Start): Execution {
  const { cloud } = states
  const now = cloud.clock.now()
  const { name, inputText, traceHeader } = given
  const execution: Execution = {
    arn: executionArn(machine, name),
    machine,
    name,
    inputText,
    ...(traceHeader === undefined ? {} : { traceHeader }),
    startedAt: now,
    status: 'RUNNING',
    redriveCount: 0,
    root: newFrame(machine.definition, given.input, now, 0),
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
  states.state.executions.set(execution.arn, execution)
  cloud.clock.wrote()
  cloud.journal({ source: 'states', summary: `${machine.name} ${name}: RUNNING` })
  publishStatus(states, execution)
  runExecution(states, execution)
  return execution
}
