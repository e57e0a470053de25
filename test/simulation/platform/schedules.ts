import { instant, toIso } from '#kernel/time'
import type { Timer } from '../../../infra/local/contract.ts'
import type { Assembly } from './assembly.ts'
import type { SimulatedClock } from './clock.ts'
import type { Effects, Trace } from './effects.ts'
import { describe, type Functions } from './functions.ts'
import type { Reads } from './reads.ts'

const FIRST_PAUSE_MS = 3_600_000
const LONGEST_PAUSE_MS = 24 * FIRST_PAUSE_MS

/**
 * Runs the schedules of the templates. A job that wrote nothing pauses until something is written where it has read, or
 * for a growing while: jobs are level-triggered, and a month of idle minutes shows nothing.
 */
export function startSchedules(
  assembly: Assembly,
  clock: SimulatedClock,
  effects: Effects,
  functions: Functions,
  reads: Reads,
  trace: Trace,
): void {
  for (const { functionName, everyMs } of assembly.schedules)
    if (functions.runs(functionName)) startSchedule(functionName, everyMs)

  function startSchedule(functionName: string, everyMs: number): void {
    const slotAfter = (at: number) => (Math.floor(at / everyMs) + 1) * everyMs
    let timer: Timer | undefined
    let pauseMs = 0
    let partitions: ReadonlySet<string> = new Set()

    const arm = (slot: number) => {
      if (timer && timer.dueAt <= slot) return
      timer?.cancel()
      timer = clock.at(slot, functionName, () => tick(slot))
    }
    const tick = (slot: number) => {
      timer = undefined
      if (effects.schedule().dropsTick()) {
        trace(`tick of ${functionName} dropped`)
        return arm(slotAfter(slot))
      }
      partitions = reads.begin(functionName)
      const before = reads.writes()
      const again = (quiet: boolean) => {
        pauseMs = quiet ? Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2)) : 0
        arm(slotAfter(clock.now() + pauseMs))
      }
      functions.invoke(functionName, { scheduledAt: toIso(instant(slot)) }).then(
        () => again(reads.writes() === before),
        error => {
          trace(`${functionName} failed: ${describe(error)}`)
          again(false)
        },
      )
    }
    reads.onWrite(partition => {
      if (!partitions.has(partition)) return
      pauseMs = 0
      arm(slotAfter(clock.now()))
    })
    arm(slotAfter(clock.now()))
  }
}
