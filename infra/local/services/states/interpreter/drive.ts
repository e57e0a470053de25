import { catchersOf, type Definition, retriersOf, type State } from '../language/definition.ts'
import type { Json } from '../language/json.ts'
import { runtimeError, StateError } from '../language/state-error.ts'
import type { Frame } from '../state.ts'
import { placeResult } from './data-flow.ts'
import { findCatcher, planRetry } from './retry.ts'
import { type Control, Ended, type Run, record, sleep, type Thread } from './run.ts'
import { type Outcome, workState } from './work-state.ts'

/**
 * Runs a machine from wherever its frame stands to its end: after each step the frame alone says what comes next.
 * Throws `StateError` when a state fails unhandled, `Ended` when the part was ended from outside.
 */
export async function drive(
  run: Run,
  control: Control,
  thread: Thread,
  frame: Frame,
  definition: Definition,
): Promise<Json> {
  for (;;) {
    if (control.ended) throw new Ended()
    const { phase } = frame
    if (phase.kind === 'done') return phase.output
    const state = Object.hasOwn(definition.States, frame.state) ? definition.States[frame.state] : undefined
    if (state === undefined) throw runtimeError(`There is no state '${frame.state}'`)
    if (phase.kind === 'entering') enter(run, frame, state)
    if (phase.kind === 'retrying') {
      await sleep(run, control, thread, phase.until, `${run.execution.name}: retry of ${frame.state}`)
      frame.phase = { kind: 'working' }
    }
    try {
      const outcome = await workState({ run, control, thread, frame, state, drive })
      if (control.ended) throw new Ended()
      leave(run, frame, state, outcome)
    } catch (error) {
      if (control.ended || error instanceof Ended) throw new Ended()
      handle(run, frame, state, toStateError(run, frame, error))
    }
  }
}

function enter(run: Run, frame: Frame, state: State): void {
  frame.enteredAt = run.cloud.clock.now()
  const details = { name: frame.state, input: JSON.stringify(frame.input) }
  record(run, frame, `${state.Type}StateEntered`, { stateEnteredEventDetails: details })
  frame.enteredEventId = frame.lastEventId
  frame.phase = { kind: 'working' }
}

function leave(run: Run, frame: Frame, state: State, outcome: Outcome): void {
  const details = { name: frame.state, output: JSON.stringify(outcome.output) }
  record(run, frame, `${state.Type}StateExited`, { stateExitedEventDetails: details })
  if (outcome.next === undefined) frame.phase = { kind: 'done', output: outcome.output }
  else move(frame, outcome.next, outcome.output)
}

function move(frame: Frame, next: string, input: Json): void {
  frame.state = next
  frame.input = input
  frame.retries = {}
  frame.retryCount = 0
  frame.phase = { kind: 'entering' }
}

/** Retries, catches, or lets the failure through. */
function handle(run: Run, frame: Frame, state: State, failure: StateError): void {
  const retry = planRetry(retriersOf(state), frame.retries, failure.error, Math.random)
  if (retry !== undefined) {
    frame.retries = { ...frame.retries, [String(retry.retrier)]: retry.attempt }
    frame.retryCount += 1
    frame.phase = { kind: 'retrying', until: run.cloud.clock.now() + retry.delayMs }
    run.cloud.clock.wrote()
    return
  }
  const catcher = findCatcher(catchersOf(state), failure.error)
  if (catcher === undefined) throw failure
  const output = placeResult(frame.input, catcher.ResultPath, { Error: failure.error, Cause: failure.cause })
  const details = { name: frame.state, output: JSON.stringify(output) }
  record(run, frame, `${state.Type}StateExited`, { stateExitedEventDetails: details })
  move(frame, catcher.Next, output)
}

/**
 * A failure of the definition says in which state it happened. Anything unforeseen fails the execution instead of the
 * process, and says so in the journal.
 */
function toStateError(run: Run, frame: Frame, error: unknown): StateError {
  if (error instanceof StateError && error.error !== 'States.Runtime') return error
  const message = messageOf(error)
  if (message.startsWith(AT_STATE)) return runtimeError(message)
  if (!(error instanceof StateError)) {
    run.cloud.journal({ source: 'states', summary: `${run.execution.name} failed`, detail: message })
  }
  const where = `the state '${frame.state}' (entered at the event id #${frame.enteredEventId})`
  return runtimeError(`${AT_STATE} ${where}. ${message}`)
}

const AT_STATE = 'An error occurred while executing'

function messageOf(error: unknown): string {
  if (error instanceof StateError) return error.cause
  return error instanceof Error ? error.message : String(error)
}
