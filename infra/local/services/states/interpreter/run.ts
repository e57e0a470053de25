import type { Clock, LocalCloud } from '../../../contract.ts'
import { StateError } from '../language/state-error.ts'
import type { Execution, Frame, HistoryEvent } from '../state.ts'

/** What the steps of one execution work with. */
export type Run = { readonly cloud: LocalCloud; readonly execution: Execution }

/** Lets a part of an execution be ended from outside: stop, timeout, or a failed sibling. */
export type Control = { ended: boolean; readonly cancels: Set<() => void> }

/** Thrown into whatever an ended part is waiting for; never an outcome. */
export class Ended extends Error {}

export const newControl = (): Control => ({ ended: false, cancels: new Set() })

export function end(control: Control): void {
  control.ended = true
  for (const cancel of [...control.cancels]) cancel()
}

/** Keeps the cloud busy while a part of an execution has work to do, and not while it waits for the clock. */
export type Thread = { wake(): void; rest(): void }

export function newThread(clock: Clock, label: string): Thread {
  let done: (() => void) | undefined
  return {
    wake() {
      done ??= clock.busy(label)
    },
    rest() {
      done?.()
      done = undefined
    },
  }
}

/** Waits for a moment of the local clock. */
export function sleep(
  run: Run,
  control: Control,
  thread: Thread,
  until: number,
  label: string,
): Promise<void> {
  const { clock } = run.cloud
  if (until <= clock.now()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const leave = () => {
      control.cancels.delete(cancel)
      thread.wake()
    }
    const timer = clock.at(until, label, () => {
      leave()
      resolve()
    })
    const cancel = () => {
      timer.cancel()
      leave()
      reject(new Ended())
    }
    control.cancels.add(cancel)
    thread.rest()
  })
}

/** docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_EVENTS = 25_000
const MAX_DATA_BYTES = 262_144

/** Appends to the execution's history. */
export function record(run: Run, frame: Frame, type: string, details: HistoryEvent['details'] = {}): void {
  const { history } = run.execution
  if (history.length >= MAX_EVENTS) {
    throw new StateError(
      'States.Runtime',
      `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
    )
  }
  const id = history.length + 1
  history.push({ id, previousEventId: frame.lastEventId, timestamp: run.cloud.clock.now(), type, details })
  frame.lastEventId = id
  run.cloud.clock.wrote()
}

/** The JSON text of a value that travels between states; too large a one fails the execution. */
export function dataText(value: unknown, where: string): string {
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) > MAX_DATA_BYTES) {
    throw new StateError(
      'States.DataLimitExceeded',
      `The state/task '${where}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    )
  }
  return text
}
