import type { Environment } from './environment.ts'

/** Live workers in all: each costs 10-25 MB, and the local cloud is to stay under 1 GB. */
const MAX_ENVIRONMENTS = 22
/** What a cloud of more functions than that has besides one worker for each. */
const SPARE_ENVIRONMENTS = 2
/** Live workers of one function: more than this only takes turns on a laptop's cores. */
const MAX_ENVIRONMENTS_PER_FUNCTION = 3

/**
 * A cold start takes the processor for longer than most events run, so an event waits as long as the latest one took
 * (real time, within these bounds) for a busy environment of its function before another one is started; less when as
 * many events as `CROWD` wait.
 */
const PATIENCE_MS = 150
const PATIENCE_GROWTH = 10
const CROWD = 4

/** Real time after which an idle worker is ended; one that a function has besides its first goes sooner. */
const IDLE_LIMIT_MS = 600_000
const SPARE_IDLE_LIMIT_MS = 20_000
const SWEEP_EVERY_MS = 10_000

type PoolLimits = {
  readonly all: number
  readonly perFunction: number
  readonly patienceMs: number
}

/** Room for one environment of each function: with less, functions that take turns would push each other out. */
export const poolLimits = (functionCount: () => number): PoolLimits => ({
  get all() {
    return Math.max(MAX_ENVIRONMENTS, functionCount() + SPARE_ENVIRONMENTS)
  },
  perFunction: MAX_ENVIRONMENTS_PER_FUNCTION,
  patienceMs: PATIENCE_MS,
})

type Slot = {
  readonly functionName: string
  readonly environment: Environment
  busy: boolean
  idleSince: number
}

export type Pool = {
  /** An idle environment of the function, or a new one, or (at the limits) the next that gets free. */
  acquire(functionName: string, start: () => Environment): Promise<Environment>
  release(environment: Environment): void
  /** Starts an environment for a function that has none, while there is room. Resolves when it is ready. */
  warm(functionName: string, start: () => Environment): Promise<void>
  /** Environments of a function that are alive. */
  count(functionName: string): number
  /** Ends an environment at once, whatever it is doing. */
  stop(logStream: string | undefined): void
  /** Ends what has been idle for long at this real time. Happens by itself every few seconds. */
  sweep(now: number): void
  /** Ends idle environments of a function; busy ones end after their event. Without a name: all of them, at once. */
  retire(functionName?: string): Promise<void>
}

type Waiting = {
  readonly functionName: string
  readonly start: () => Environment
  readonly take: (env: Environment) => void
  readonly since: number
}

/**
 * Execution environments of all functions. A function without a live environment may always start one, so calls from
 * function to function cannot wait for each other in a circle; beyond that, limits make invocations wait their turn
 * (AWS would start more environments).
 */
export function createPool(limits: PoolLimits = poolLimits(() => 0)): Pool {
  // In order of last use: the first idle one is the least recently used.
  const slots = new Set<Slot>()
  const waiting: Waiting[] = []
  const retired = new WeakSet<Environment>()
  let isClosed = false
  /** How long the latest cold start took, which tells how busy the machine is. */
  let coldStartMs = 0

  function slotsOf(functionName: string): Slot[] {
    return [...slots].filter(slot => slot.functionName === functionName && !slot.environment.dead)
  }

  function tryAcquire(
    functionName: string,
    start: () => Environment,
    since: number,
  ): Environment | undefined {
    for (const slot of slots) if (slot.environment.dead && !slot.busy) slots.delete(slot)
    const own = slotsOf(functionName).filter(slot => !retired.has(slot.environment))
    // The most recently used one is the warmest, and lets the others grow old.
    const idle = own.findLast(slot => !slot.busy)
    if (idle) return use(idle)
    const alive = own.length
    if (alive >= limits.perFunction) return undefined
    // What starts is ready sooner than another one would be, and then mostly the other is not needed.
    if (own.some(slot => slot.environment.starting)) return undefined
    if (alive > 0 && !isPressing(functionName, since)) return undefined
    if (slots.size >= limits.all && !evictOne() && alive > 0) return undefined
    const environment = start()
    void becomeReady(environment)
    return use({ functionName, environment, busy: true, idleSince: 0 })
  }

  async function becomeReady(environment: Environment): Promise<void> {
    const startedAt = performance.now()
    await environment.ready
    coldStartMs = performance.now() - startedAt
    serveWaiting()
  }

  const patienceMs = (): number =>
    Math.max(limits.patienceMs, Math.min(coldStartMs, limits.patienceMs * PATIENCE_GROWTH))

  function isPressing(functionName: string, since: number): boolean {
    if (performance.now() - since >= patienceMs()) return true
    return waiting.filter(one => one.functionName === functionName).length >= CROWD
  }

  async function warm(functionName: string, start: () => Environment): Promise<void> {
    if (isClosed || slots.size >= limits.all || slotsOf(functionName).length > 0) return
    const environment = start()
    slots.add({ functionName, environment, busy: false, idleSince: performance.now() })
    await becomeReady(environment)
  }

  function use(slot: Slot): Environment {
    slot.busy = true
    slots.delete(slot)
    slots.add(slot)
    return slot.environment
  }

  /** One that a function has besides others goes before the only one of another function. */
  function evictOne(): boolean {
    const idle = [...slots].filter(slot => !slot.busy)
    const oldest = idle.find(slot => slotsOf(slot.functionName).length > 1) ?? idle[0]
    if (!oldest) return false
    slots.delete(oldest)
    void oldest.environment.terminate()
    return true
  }

  function sweep(now: number): void {
    for (const slot of [...slots]) {
      const limit = slotsOf(slot.functionName).length > 1 ? SPARE_IDLE_LIMIT_MS : IDLE_LIMIT_MS
      if (slot.busy || now - slot.idleSince < limit) continue
      slots.delete(slot)
      void slot.environment.terminate()
    }
    if (slots.size === 0) stopSweeping()
  }

  let sweeper: NodeJS.Timeout | undefined
  function stopSweeping(): void {
    clearInterval(sweeper)
    sweeper = undefined
  }

  function serveWaiting(): void {
    for (let n = 0; n < waiting.length; n++) {
      const next = waiting[n]
      const environment = next && tryAcquire(next.functionName, next.start, next.since)
      if (!environment) continue
      waiting.splice(n, 1)
      n -= 1
      next.take(environment)
    }
  }

  return {
    acquire(functionName, start) {
      const since = performance.now()
      const environment = tryAcquire(functionName, start, since)
      if (environment) return Promise.resolve(environment)
      const taken = new Promise<Environment>(take => waiting.push({ functionName, start, take, since }))
      serveWaiting()
      setTimeout(serveWaiting, patienceMs()).unref()
      return taken
    },
    release(environment) {
      for (const slot of slots) {
        if (slot.environment !== environment) continue
        slot.busy = false
        slot.idleSince = performance.now()
        sweeper ??= setInterval(() => sweep(performance.now()), SWEEP_EVERY_MS).unref()
        const keep = !environment.dead && !retired.has(environment) && slots.size <= limits.all
        slots.delete(slot)
        if (keep) slots.add(slot)
        else void environment.terminate()
        break
      }
      serveWaiting()
    },
    stop(logStream) {
      for (const { environment } of slots)
        if (environment.logStream === logStream) void environment.terminate()
    },
    warm,
    sweep,
    count: functionName => slotsOf(functionName).length,
    async retire(functionName) {
      if (functionName === undefined) {
        isClosed = true
        stopSweeping()
      }
      const chosen = [...slots].filter(
        slot => functionName === undefined || slot.functionName === functionName,
      )
      const ending = chosen.filter(slot => functionName === undefined || !slot.busy)
      for (const slot of chosen) retired.add(slot.environment)
      for (const slot of ending) slots.delete(slot)
      await Promise.all(ending.map(slot => slot.environment.terminate()))
    },
  }
}
