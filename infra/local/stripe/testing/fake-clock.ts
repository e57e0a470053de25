import type { Clock } from '../../contract.ts'

type Entry = { readonly dueAt: number; readonly label: string; readonly run: () => void | Promise<void> }

/** A clock that stands still until a test moves it. */
export function createFakeClock(startAt: number): Clock {
  let now = startAt
  let entries: Entry[] = []
  let inFlight = 0
  let waiting: (() => void)[] = []

  const busy = (): (() => void) => {
    inFlight += 1
    let isDone = false
    return () => {
      if (isDone) return
      isDone = true
      inFlight -= 1
      if (inFlight > 0) return
      for (const resolve of waiting) resolve()
      waiting = []
    }
  }

  const whenIdle = async (): Promise<void> => {
    while (inFlight > 0) await new Promise<void>(resolve => waiting.push(resolve))
  }

  return {
    now: () => now,
    at(dueAt, label, run) {
      const entry: Entry = { dueAt, label, run }
      entries.push(entry)
      const cancel = () => {
        entries = entries.filter(other => other !== entry)
      }
      return { dueAt, cancel }
    },
    every: () => {
      throw new Error('the stand-in has no recurring jobs')
    },
    busy,
    wrote: () => {},
    whenIdle,
    async advanceTo(target) {
      await whenIdle()
      for (;;) {
        const next = entries.reduce<Entry | undefined>(
          (first, entry) =>
            entry.dueAt <= target && (first === undefined || entry.dueAt < first.dueAt) ? entry : first,
          undefined,
        )
        if (next === undefined) break
        entries = entries.filter(entry => entry !== next)
        now = Math.max(now, next.dueAt)
        await next.run()
        await whenIdle()
      }
      now = Math.max(now, target)
    },
  }
}
