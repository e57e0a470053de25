import type { LocalTime } from '../../contract.ts'
import { currentStates } from './interpreter/run-execution.ts'
import { branchesOf, type Definition, processorOf, type State } from './language/definition.ts'
import { type Transition, transitionsOf } from './language/transitions.ts'
import { describeEvent } from './operations/get-execution-history.ts'
import type { Execution, HistoryEvent, StateMachine } from './state.ts'

/** A machine as a graph to draw; branches and the inner machine of a map hang under their state. */
export type MachineGraph = {
  readonly startAt: string
  readonly states: readonly StateNode[]
}

export type StateNode = {
  readonly name: string
  readonly type: string
  readonly transitions: readonly Transition[]
  readonly isEnd: boolean
  readonly branches: readonly MachineGraph[]
}

export type MachineView = {
  readonly arn: string
  readonly name: string
  readonly graph: MachineGraph
}

/** One stay in a state. A loop or a map gives several of the same name. */
export type Visit = {
  readonly state: string
  readonly enteredAt: LocalTime
  readonly leftAt?: LocalTime
  /** Attempts that failed before it was left. */
  readonly failures: number
}

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

export type ExecutionView = ExecutionSummary & {
  readonly graph: MachineGraph
  readonly visits: readonly Visit[]
  /** The states it was in when it failed, timed out or was stopped. */
  readonly failedStates: readonly string[]
  readonly history: readonly Record<string, unknown>[]
}

export const viewMachine = ({ arn, name, definition }: StateMachine): MachineView => ({
  arn,
  name,
  graph: graphOf(definition),
})

export const viewExecution = (execution: Execution): ExecutionView => ({
  ...summarize(execution),
  graph: graphOf(execution.machine.definition),
  visits: visitsOf(execution.history),
  failedStates: ['FAILED', 'TIMED_OUT', 'ABORTED'].includes(execution.status)
    ? currentStates(execution.root)
    : [],
  history: execution.history.map(event => describeEvent(event, true)),
})

export const summarize = (execution: Execution): ExecutionSummary => ({
  machine: execution.machine.name,
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

const graphOf = (definition: Definition): MachineGraph => ({
  startAt: definition.StartAt,
  states: Object.entries(definition.States).map(([name, state]) => ({
    name,
    type: state.Type,
    transitions: transitionsOf(state),
    isEnd: state.End === true || state.Type === 'Succeed' || state.Type === 'Fail',
    branches: machinesIn(state).map(graphOf),
  })),
})

function machinesIn(state: State): readonly Definition[] {
  if (state.Type === 'Parallel') return branchesOf(state)
  return state.Type === 'Map' ? [processorOf(state)] : []
}

/**
 * Every event names the one before it in its own branch, so a state's exit or failure is traced back to its entry even
 * where branches run side by side.
 */
function visitsOf(history: readonly HistoryEvent[]): Visit[] {
  const entered = new Map<number, { -readonly [K in keyof Visit]: Visit[K] }>()
  const ownerOf = new Map<number, number>()
  for (const { id, previousEventId, type, timestamp, details } of history) {
    const state = details.stateEnteredEventDetails?.name
    if (typeof state === 'string') {
      entered.set(id, { state, enteredAt: timestamp, failures: 0 })
      ownerOf.set(id, id)
      continue
    }
    const owner = ownerOf.get(previousEventId)
    const visit = owner === undefined ? undefined : entered.get(owner)
    if (owner === undefined || visit === undefined) continue
    ownerOf.set(id, owner)
    if (/(Failed|TimedOut)$/.test(type) && /^(Task|LambdaFunction)/.test(type)) visit.failures += 1
    if (details.stateExitedEventDetails?.name === visit.state || type.endsWith('StateAborted')) {
      visit.leftAt = timestamp
    }
  }
  return [...entered.values()]
}
