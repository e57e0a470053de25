import { setImmediate } from 'node:timers'
import type { Clock, Timer } from '../../../infra/local/contract.ts'
import { createDueQueue } from '../../../infra/local/due-queue.ts'

/**
 * A clock that only an advance moves: it takes the earliest due thing, sets the time, runs it and lets every promise that
 * can go on go on, again and again. Nothing in a simulation waits for real time, so one turn of the event loop is enough
 * to have everything stand still.
 */
export type SimulatedClock = Clock & {
  after(ms: number, run: () => void): Timer
}

export function createSimulatedClock(startAt: number, onError: (error: unknown) => void): SimulatedClock {
  const queue = createDueQueue<() => void | Promise<void>>()
  const handlers = new Map<string, (data: unknown, dueAt: number) => void | Promise<void>>()
  let now = startAt

  const at = (dueAt: number, _label: string, run: () => void | Promise<void>): Timer => {
    const entry = queue.add(dueAt, run)
    return { dueAt, cancel: () => queue.remove(entry) }
  }
  const runOne = (run: () => void | Promise<void>) => {
    try {
      const running = run()
      if (running) running.catch(onError)
    } catch (error) {
      onError(error)
    }
  }

  return {
    now: () => now,
    at,
    after: (ms, run) => at(now + ms, '', run),
    handle(kind, run) {
      handlers.set(kind, run)
    },
    later(kind, dueAt, data) {
      const handler = handlers.get(kind)
      if (!handler) throw new Error(`nothing handles timers of kind ${kind}`)
      return at(dueAt, kind, () => handler(data, dueAt))
    },
    every() {
      throw new Error('schedules of a simulation are armed by it')
    },
    busy: () => () => undefined,
    wrote: () => undefined,
    whenIdle: turn,
    async advanceTo(target) {
      for (;;) {
        await turn()
        const next = queue.first()
        if (!next || next.dueAt > target) break
        queue.remove(next)
        now = Math.max(now, next.dueAt)
        runOne(next.value)
      }
      now = Math.max(now, target)
    },
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
