import { asTime, evaluateRule } from '../language/choice.ts'
import { branchesOf, type Definition, numberOf, processorOf, type State } from '../language/definition.ts'
import { evaluateIntrinsic, isIntrinsic } from '../language/intrinsics.ts'
import { isObject, type Json } from '../language/json.ts'
import { readPath, type Scope } from '../language/json-path.ts'
import { fillTemplate } from '../language/payload-template.ts'
import { runtimeError, StateError } from '../language/state-error.ts'
import type { Frame } from '../state.ts'
import { scopeOf } from './context-object.ts'
import { effectiveInput, outputOf, parametersOf, throughOutputPath } from './data-flow.ts'
import { type Control, type Run, record, sleep, type Thread } from './run.ts'
import { type Child, runChildren } from './run-children.ts'
import { runTask } from './run-task.ts'

/** What a state leads to: the output, and the next state unless the machine ends. */
export type Outcome = { readonly output: Json; readonly next: string | undefined }

/** Runs a machine from where its frame stands; given in so that branches can call it. */
export type Drive = (
  run: Run,
  control: Control,
  thread: Thread,
  frame: Frame,
  definition: Definition,
) => Promise<Json>

export type Work = {
  readonly run: Run
  readonly control: Control
  readonly thread: Thread
  readonly frame: Frame
  readonly state: State
  readonly drive: Drive
}

/** Does the work of the state the frame is in. Throws `StateError`. */
export async function workState(work: Work): Promise<Outcome> {
  const { run, frame, state } = work
  const next = typeof state.Next === 'string' ? state.Next : undefined
  switch (state.Type) {
    case 'Pass': {
      const result = state.Result ?? parametersOf(run, frame, state)
      return { output: outputOf(run, frame, state, result), next }
    }
    case 'Task':
      return { output: outputOf(run, frame, state, await runTask(work)), next }
    case 'Choice':
      return choose(work)
    case 'Wait':
      return { output: await wait(work), next }
    case 'Succeed':
      return {
        output: throughOutputPath(run, frame, state, effectiveInput(run, frame, state)),
        next: undefined,
      }
    case 'Fail':
      throw new StateError(failText(work, 'Error') ?? '', failText(work, 'Cause') ?? '')
    case 'Parallel':
    case 'Map':
      return { output: outputOf(run, frame, state, await runBranches(work)), next }
    default:
      throw runtimeError(`Unknown state type ${state.Type}`)
  }
}

function choose({ run, frame, state }: Work): Outcome {
  const input = effectiveInput(run, frame, state)
  const scope = scopeOf(run, frame, input)
  const choices = Array.isArray(state.Choices) ? state.Choices.filter(isObject) : []
  const chosen = choices.find(choice => evaluateRule(choice, scope))?.Next ?? state.Default
  if (typeof chosen !== 'string') {
    throw new StateError(
      'States.NoChoiceMatched',
      `No choice of the state '${frame.state}' matches its input`,
    )
  }
  return { output: throughOutputPath(run, frame, state, input), next: chosen }
}

async function wait(work: Work): Promise<Json> {
  const { run, control, thread, frame, state } = work
  const input = effectiveInput(run, frame, state)
  const until =
    frame.phase.kind === 'waiting'
      ? frame.phase.until
      : waitUntil(state, scopeOf(run, frame, input), frame.enteredAt)
  frame.phase = { kind: 'waiting', until }
  const { machine, name } = run.execution
  await sleep(run, control, thread, until, `${machine.name} ${name}: ${frame.state}`)
  return throughOutputPath(run, frame, state, input)
}

function waitUntil(state: State, scope: Scope, enteredAt: number): number {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state
  const seconds = typeof SecondsPath === 'string' ? readPath(SecondsPath, scope, 'SecondsPath') : Seconds
  if (seconds !== undefined) {
    if (typeof seconds !== 'number' || seconds < 0)
      throw runtimeError(`Invalid wait: ${JSON.stringify(seconds)} seconds`)
    return enteredAt + seconds * 1000
  }
  const timestamp =
    typeof TimestampPath === 'string' ? readPath(TimestampPath, scope, 'TimestampPath') : Timestamp
  const time = asTime(timestamp ?? null)
  if (time === undefined) throw runtimeError(`Invalid wait timestamp: ${JSON.stringify(timestamp)}`)
  return time
}

function failText({ run, frame, state }: Work, field: 'Error' | 'Cause'): string | undefined {
  const path = state[`${field}Path`]
  if (typeof path !== 'string') return typeof state[field] === 'string' ? state[field] : undefined
  const scope = scopeOf(run, frame, frame.input)
  const value = isIntrinsic(path) ? evaluateIntrinsic(path, scope) : readPath(path, scope, `${field}Path`)
  if (typeof value !== 'string') throw runtimeError(`${field}Path must lead to a string`)
  return value
}

async function runBranches(work: Work): Promise<Json> {
  const { run, frame, state } = work
  const isMap = state.Type === 'Map'
  if (frame.phase.kind !== 'children') {
    const frames = isMap ? mapFrames(work) : parallelFrames(work)
    const details = isMap ? { mapStateStartedEventDetails: { length: frames.length } } : {}
    record(run, frame, `${state.Type}StateStarted`, details)
    frame.phase = { kind: 'children', frames }
  }
  const children = frame.phase.frames.map(
    (inner, index): Child => ({
      frame: inner,
      definition: isMap ? processorOf(state) : definitionAt(branchesOf(state), index),
      index,
    }),
  )
  try {
    const results = await runChildren(work, children, isMap ? (numberOf(state.MaxConcurrency) ?? 0) : 0)
    record(run, frame, `${state.Type}StateSucceeded`)
    return results
  } catch (error) {
    if (error instanceof StateError && !work.control.ended) record(run, frame, `${state.Type}StateFailed`)
    throw error
  }
}

function definitionAt(branches: readonly Definition[], index: number): Definition {
  const definition = branches[index]
  if (definition === undefined) throw new Error('A branch has lost its definition')
  return definition
}

function parallelFrames({ run, frame, state }: Work): Frame[] {
  const input = parametersOf(run, frame, state)
  return branchesOf(state).map(branch => newFrame(branch, input, run.cloud.clock.now(), frame.lastEventId))
}

function mapFrames({ run, frame, state }: Work): Frame[] {
  const input = effectiveInput(run, frame, state)
  const itemsPath = typeof state.ItemsPath === 'string' ? state.ItemsPath : '$'
  const items = readPath(itemsPath, scopeOf(run, frame, input), 'ItemsPath')
  if (!Array.isArray(items)) throw runtimeError(`The ItemsPath '${itemsPath}' does not lead to an array`)
  const template = state.ItemSelector ?? state.Parameters
  return items.map((Value, Index) => {
    const mapItem = { Index, Value }
    const scope = scopeOf(run, { ...frame, mapItem }, input)
    const itemInput = template === undefined ? Value : fillTemplate(template, scope)
    return { ...newFrame(processorOf(state), itemInput, run.cloud.clock.now(), frame.lastEventId), mapItem }
  })
}

export const newFrame = (definition: Definition, input: Json, now: number, lastEventId: number): Frame => ({
  state: definition.StartAt,
  input,
  enteredAt: now,
  enteredEventId: 0,
  retries: {},
  retryCount: 0,
  phase: { kind: 'entering' },
  lastEventId,
})
