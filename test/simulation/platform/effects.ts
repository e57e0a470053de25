import type { SimulatedClock } from './clock.ts'
import { type FaultKind, type FaultSchedule, noFaults } from './faults.ts'
import { type Invocations, never } from './invocations.ts'

/** An effect that a fault can strike. */
export type Boundary<T> = {
  readonly name: string
  readonly kinds: readonly FaultKind[]
  run(): T | Promise<T>
  /** Answers or throws what the caller sees when nothing happened. */
  fail?(variant: (count: number) => number): T
  /** Answers or throws what the caller sees when it happened and the answer was lost. */
  lose?(variant: (count: number) => number): T
}

/** Told of every fault, and of every boundary when somebody listens. */
export type Trace = (line: string) => void

export type Effects = ReturnType<typeof createEffects>

/** The one door of every effect of the simulated product. */
export function createEffects(clock: SimulatedClock, invocations: Invocations, trace: Trace) {
  let schedule: FaultSchedule = noFaults
  let count = 0
  let struck = 0

  const sleep = (ms: number): Promise<void> => new Promise(resolve => clock.after(ms, resolve))
  const pauseIfSlow = async (kind: FaultKind, when: 'before' | 'after') => {
    if (kind === `slow_${when}`) await sleep(schedule.slowMs())
  }

  /** Whether the caller is still there; a crash that is due now takes it away. */
  const survives = (kind: FaultKind, when: 'before' | 'after'): boolean => {
    const invocation = invocations.current()
    if (kind === `crash_${when}`) invocation?.die('Runtime.ExitError')
    return invocation?.isAlive() ?? true
  }

  const disturbed = async <T>(boundary: Boundary<T>, kind: FaultKind): Promise<T> => {
    await pauseIfSlow(kind, 'before')
    if (!survives(kind, 'before')) return never()
    if (kind === 'fail' && boundary.fail) return boundary.fail(schedule.variant)
    let answer = await boundary.run()
    if (kind === 'twice') answer = await boundary.run()
    await pauseIfSlow(kind, 'after')
    if (!survives(kind, 'after')) return never()
    return kind === 'lost' && boundary.lose ? boundary.lose(schedule.variant) : answer
  }

  return {
    /** Replaces what decides over faults. */
    use(next: FaultSchedule): void {
      schedule = next
    },
    schedule: () => schedule,
    /** Boundaries crossed and faults struck so far. */
    counts: () => ({ crossed: count, struck }),

    async cross<T>(boundary: Boundary<T>): Promise<T> {
      const invocation = invocations.current()
      if (invocation && !invocation.isAlive()) return never()
      const index = ++count
      const { name } = boundary
      const kinds = invocation ? boundary.kinds : boundary.kinds.filter(kind => !kind.startsWith('crash'))
      const kind = schedule.strike({ index, name, kinds })
      if (kind === undefined) {
        const answer = await boundary.run()
        return invocation && !invocation.isAlive() ? never() : answer
      }
      struck++
      trace(`fault ${kind} at boundary ${index}: ${name} in ${invocation?.functionName ?? 'the outside'}`)
      return disturbed(boundary, kind)
    },
  }
}
