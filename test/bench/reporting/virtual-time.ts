import { type Instant, plusMs } from '#kernel/time'

/** A clock that jumps to whatever is due next as soon as nothing else can run: an hour passes in seconds. */
export class VirtualTime {
  private at: Instant
  private readonly due: { readonly at: Instant; readonly wake: () => void }[] = []

  constructor(startAt: Instant) {
    this.at = startAt
  }

  readonly now = (): Instant => this.at

  readonly sleep = (ms: number): Promise<void> =>
    new Promise(wake => {
      this.push({ at: plusMs(this.at, ms), wake })
    })

  /** Lets time pass until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const settled = work.finally(() => {
      isDone = true
    })
    settled.catch(() => undefined)
    for (await idle(); !isDone; await idle()) {
      const next = this.pop()
      if (!next) throw new Error('the work waits for nothing that is due')
      this.at = next.at
      next.wake()
    }
    return settled
  }

  /** Not before now. */
  passUntil(at: Instant): void {
    if (at > this.at) this.at = at
  }

  /** A binary heap by time. */
  private push(entry: (typeof this.due)[number]): void {
    let i = this.due.push(entry) - 1
    for (let parent = (i - 1) >> 1; i > 0 && this.isBefore(i, parent); parent = (i - 1) >> 1) {
      this.swap(i, parent)
      i = parent
    }
  }

  private pop(): (typeof this.due)[number] | undefined {
    this.swap(0, this.due.length - 1)
    const first = this.due.pop()
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      const least = this.isBefore(right, left) ? right : left
      if (!this.isBefore(least, i)) return first
      this.swap(i, least)
      i = least
    }
  }

  private isBefore(i: number, j: number): boolean {
    const [a, b] = [this.due[i], this.due[j]]
    return a !== undefined && (b === undefined || a.at < b.at)
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.due[i], this.due[j]]
    if (!a || !b) return
    this.due[i] = b
    this.due[j] = a
  }
}

/** Resolves when every promise that could go on has done so. */
const idle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
