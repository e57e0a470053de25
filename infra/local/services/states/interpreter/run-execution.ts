import type { Json } from '../language/json.ts'
import { StateError } from '../language/state-error.ts'
import { publishStatus } from '../publish-status.ts'
import type { Execution, ExecutionStatus, Frame } from '../state.ts'
import type { States } from '../states.ts'
import { drive } from './drive.ts'
import { type Control, end, newControl, newThread, type Run } from './run.ts'

/**
 * Runs, or runs on with, an execution from where its frames stand. Returns at once; the work goes on in the
 * background and keeps the cloud busy while it does not wait for the clock.
 */
export function runExecution(states: States, execution: Execution): void {
  const { cloud } = states
  const run: Run = { cloud, execution }
  const control = newControl()
  states.running.set(execution.arn, control)
  const thread = newThread(cloud.clock, `${execution.machine.name} ${execution.name}`)
  thread.wake()
  const timeout = armTimeout(states, execution, control)
  drive(run, control, thread, execution.root, execution.machine.definition)
    .then(output => finish(states, execution, { status: 'SUCCEEDED', output }))
    .catch((error: unknown) => {
      if (control.ended) return undefined
      const { error: name, cause } =
        error instanceof StateError ? error : new StateError('States.Runtime', String(error))
      return finish(states, execution, { status: 'FAILED', error: name, cause })
    })
    .finally(() => {
      timeout?.cancel()
      thread.rest()
    })
}

/** TimeoutSeconds of the whole machine, from the start or the last redrive. */
function armTimeout(states: States, execution: Execution, control: Control) {
  const seconds = execution.machine.definition.TimeoutSeconds
  if (seconds === undefined) return undefined
  const { clock } = states.cloud
  const since = execution.redrivenAt ?? execution.startedAt
  return clock.at(since + seconds * 1000, `timeout of ${execution.name}`, () => {
    end(control)
    return finish(states, execution, { status: 'TIMED_OUT', error: 'States.Timeout' })
  })
}

/** Stops a running execution. */
export function abortExecution(
  states: States,
  execution: Execution,
  error: string | undefined,
  cause: string | undefined,
): void {
  const control = states.running.get(execution.arn)
  if (control !== undefined) end(control)
  finish(states, execution, {
    status: 'ABORTED',
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  })
}

type Ending = {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>
  readonly output?: Json
  readonly error?: string
  readonly cause?: string
}

const EVENTS: Readonly<Record<Ending['status'], readonly [type: string, details: string]>> = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceededEventDetails'],
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
}

function finish(states: States, execution: Execution, ending: Ending): void {
  const { cloud } = states
  const { output, ...rest } = ending
  Object.assign(execution, ending, { stoppedAt: cloud.clock.now() })
  states.running.delete(execution.arn)
  const [type, detailsName] = EVENTS[ending.status]
  const { status: _status, ...failure } = rest
  const details = output === undefined ? failure : { output: JSON.stringify(output) }
  execution.history.push({
    id: execution.history.length + 1,
    previousEventId: execution.root.lastEventId,
    timestamp: cloud.clock.now(),
    type,
    details: { [detailsName]: details },
  })
  cloud.clock.wrote()
  publishStatus(states, execution)
  cloud.journal({
    source: 'states',
    summary: `${execution.machine.name} ${execution.name}: ${ending.status}`,
    detail: details,
  })
}

/** Names of the states an execution is in: one per branch that is at work. */
export function currentStates(frame: Frame): string[] {
  if (frame.phase.kind === 'done') return []
  if (frame.phase.kind !== 'children') return [frame.state]
  const inner = frame.phase.frames.flatMap(currentStates)
  return inner.length > 0 ? inner : [frame.state]
}
