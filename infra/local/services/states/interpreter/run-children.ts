import { branchesOf, type Definition, processorOf } from '../language/definition.ts'
import type { Json } from '../language/json.ts'
import { StateError } from '../language/state-error.ts'
import type { Frame } from '../state.ts'
import { Ended, end, newControl, newThread, record } from './run.ts'
import type { Work } from './work-state.ts'

export type Child = { readonly frame: Frame; readonly definition: Definition; readonly index: number }

/**
 * Runs branches or iterations side by side, at most `limit` at a time (0: all). The first failure ends the others.
 * Whoever finishes last wakes the parent before it rests, so the cloud never looks idle in between.
 */
export function runChildren(work: Work, children: readonly Child[], limit: number): Promise<Json[]> {
  const { run, control, thread, drive } = work
  const inner = newControl()
  const results: Json[] = []
  let started = 0
  let running = 0
  return new Promise((resolve, reject) => {
    const leave = () => {
      control.cancels.delete(cancel)
      thread.wake()
    }
    const cancel = () => {
      end(inner)
      leave()
      reject(new Ended())
    }
    const succeed = (child: Child, output: Json) => {
      running -= 1
      if (inner.ended) return
      results[child.index] = output
      startMore()
      if (running > 0) return
      leave()
      resolve(results)
    }
    const fail = (child: Child, error: unknown) => {
      running -= 1
      if (inner.ended) return
      end(inner)
      recordFailure(work, children, child)
      leave()
      reject(error)
    }
    const start = (child: Child) => {
      const childThread = newThread(
        run.cloud.clock,
        `${run.execution.name}: ${work.frame.state} ${child.index}`,
      )
      childThread.wake()
      running += 1
      runChild(work, child, () => drive(run, inner, childThread, child.frame, child.definition))
        .then(output => succeed(child, output))
        .catch((error: unknown) => fail(child, error))
        .finally(() => childThread.rest())
    }
    const startMore = () => {
      while (started < children.length && (limit === 0 || running < limit)) {
        const child = children[started]
        started += 1
        if (child !== undefined) start(child)
      }
    }
    control.cancels.add(cancel)
    startMore()
    if (children.length === 0) {
      leave()
      resolve(results)
    } else {
      thread.rest()
    }
  })
}

/** A branch that was done before the execution was resumed is not told of a second time. */
async function runChild(work: Work, child: Child, drive: () => Promise<Json>): Promise<Json> {
  const { run } = work
  const { phase } = child.frame
  if (phase.kind === 'done') return phase.output
  const isMap = work.state.Type === 'Map'
  if (isMap && phase.kind === 'entering') {
    record(run, child.frame, 'MapIterationStarted', iteration(work, child, 'Started'))
  }
  const output = await drive()
  if (isMap) record(run, child.frame, 'MapIterationSucceeded', iteration(work, child, 'Succeeded'))
  return output
}

/** The failed iteration, then what its failure ended. A history that is full says no more. */
function recordFailure(work: Work, children: readonly Child[], failed: Child): void {
  const { run, state } = work
  try {
    if (state.Type === 'Map') {
      record(run, failed.frame, 'MapIterationFailed', iteration(work, failed, 'Failed'))
    }
    for (const child of children) {
      if (child === failed || !isOpen(child.frame)) continue
      recordAborted(run, child.frame, child.definition)
      if (state.Type === 'Map') {
        record(run, child.frame, 'MapIterationAborted', iteration(work, child, 'Aborted'))
      }
    }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
  }
}

const isOpen = ({ phase }: Frame): boolean => phase.kind !== 'done' && phase.kind !== 'entering'

/** States that can be cut off in the middle, the innermost first. */
const ABORTABLE = ['Task', 'Wait', 'Parallel', 'Map']

function recordAborted(run: Work['run'], frame: Frame, definition: Definition): void {
  const state = definition.States[frame.state]
  if (state === undefined) return
  if (frame.phase.kind === 'children') {
    const branches = branchesOf(state)
    for (const [index, inner] of frame.phase.frames.entries()) {
      const own = state.Type === 'Map' ? processorOf(state) : branches[index]
      if (own !== undefined && isOpen(inner)) recordAborted(run, inner, own)
    }
  }
  if (ABORTABLE.includes(state.Type)) record(run, frame, `${state.Type}StateAborted`)
}

const iteration = (work: Work, child: Child, what: string) => ({
  [`mapIteration${what}EventDetails`]: { name: work.frame.state, index: child.index },
})
