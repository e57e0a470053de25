import { setImmediate as turn } from 'node:timers/promises'

/** Real time after which waiting for idle gives up: longer than any Lambda timeout of ours, shorter than a test's. */
export const IDLE_LIMIT_MS = 60_000

export type InFlight = {
  /** Marks work in flight until the returned function is called; calling it twice does no harm. */
  busy(label: string): () => void
  /** Resolves when nothing is in flight and nothing starts within one turn of the event loop. */
  whenIdle(): Promise<void>
  labels(): Record<string, number>
}

/** Counts work in flight by label. `limitMs` is real time for one `whenIdle`. */
export function createInFlight(limitMs: number): InFlight {
  const counts = new Map<string, number>()
  let waiting: (() => void)[] = []
  let started = 0
  let running = 0

  function busy(label: string): () => void {
    started += 1
    running += 1
    counts.set(label, (counts.get(label) ?? 0) + 1)
    let open = true
    return () => {
      if (!open) return
      open = false
      running -= 1
      const left = (counts.get(label) ?? 1) - 1
      if (left === 0) counts.delete(label)
      else counts.set(label, left)
      if (running > 0) return
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    }
  }

  async function whenIdle(): Promise<void> {
    const giveUpAt = performance.now() + limitMs
    for (;;) {
      if (running > 0) await nothingRuns(giveUpAt)
      const startedBefore = started
      // What ended may have a continuation that starts more.
      await turn()
      if (running === 0 && started === startedBefore) return
    }
  }

  function nothingRuns(giveUpAt: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => {
          waiting = waiting.filter(other => other !== wake)
          reject(new Error(`The local cloud is not idle after ${limitMs / 1000} s. In flight: ${describe()}`))
        },
        Math.max(0, giveUpAt - performance.now()),
      )
      const wake = () => {
        clearTimeout(limit)
        resolve()
      }
      waiting.push(wake)
    })
  }

  function describe(): string {
    return [...counts].map(([label, count]) => (count === 1 ? label : `${label} (${count})`)).join(', ')
  }

  return { busy, whenIdle, labels: () => Object.fromEntries(counts) }
}
