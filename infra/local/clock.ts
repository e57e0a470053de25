import { setImmediate } from 'node:timers'
import type { Clock, LocalTime, Schedule, Timer } from './contract.ts'
import { createDueQueue } from './due-queue.ts'
import { createInFlight, IDLE_LIMIT_MS } from './in-flight.ts'

const HOUR_MS = 3_600_000
/**
 * During an advance a schedule whose last run wrote nothing pauses for an hour, and four times as long each time after
 * that, up to a day (README, The clock).
 */
const FIRST_PAUSE_MS = HOUR_MS
const PAUSE_GROWTH = 4
const LONGEST_PAUSE_MS = 24 * HOUR_MS
/** Node's timers overflow above 2^31-1 ms; a live clock looks again after a day. */
const LONGEST_REAL_TIMER_MS = 86_400_000

/** `locked`: live, and refuses to be advanced. */
export type ClockMode = 'live' | 'frozen' | 'locked'

export type LocalClock = Clock & {
  /** Slot 0: 0 live, 1 frozen. Slot 1: offset to wall time in ms (live), or the instant itself (frozen). */
  readonly shared: SharedArrayBuffer
  readonly mode: ClockMode
  /** Labels of what is in flight, with how often. */
  inFlight(): Record<string, number>
  /** Pending `later` timers as plain data, earliest first. */
  timers(): readonly LaterTimer[]
  /** Arms the timers of a snapshot. */
  restoreTimers(timers: readonly LaterTimer[]): void
  /** The next due thing, for the console. */
  nextDue(): { label: string; dueAt: LocalTime } | undefined
  /** From now on time is what passes: an advance is refused with this reason. For what follows wall time beside us. */
  lock(reason: string): void
  /** Lets no real time trigger anything until the returned function is called. */
  hold(): () => void
  stop(): void
}

export type LaterTimer = {
  readonly kind: string
  readonly dueAt: LocalTime
  readonly data: unknown
  readonly label: string
}

type PendingTimer = {
  readonly label: string
  readonly run: () => void | Promise<void>
  readonly later?: LaterTimer
}

type ClockOptions = {
  readonly mode: Exclude<ClockMode, 'locked'>
  readonly startAt: LocalTime
  /** Told about a failed timer or schedule outside of an advance. An advance rejects with the failure instead. */
  readonly onError?: (label: string, error: unknown) => void
  readonly idleLimitMs?: number
}

type Recurring = {
  readonly schedule: Schedule
  dueAt: LocalTime | undefined
  /** Runs in a row that wrote nothing: during an advance the next one may wait. */
  quietRuns: number
  /** Something that concerns it was written since its run began. */
  isConcerned: boolean
  cancelled: boolean
}

/** Creates the clock. Reading it through `shared` is how worker threads give their code the same time. */
export function createClock(options: ClockOptions): LocalClock {
  const { mode, onError = reportToStderr } = options
  const shared = new SharedArrayBuffer(16)
  const cells = new BigInt64Array(shared)
  Atomics.store(cells, 0, mode === 'live' ? 0n : 1n)
  Atomics.store(
    cells,
    1,
    BigInt(Math.trunc(mode === 'live' ? options.startAt - Date.now() : options.startAt)),
  )

  const timers = createDueQueue<PendingTimer>()
  const handlers = new Map<string, (data: unknown, dueAt: LocalTime) => void | Promise<void>>()
  const recurring = new Set<Recurring>()
  const quiet = new Set<Recurring>()
  const flight = createInFlight(options.idleLimitMs ?? IDLE_LIMIT_MS)
  let latest = Number.NEGATIVE_INFINITY
  let advancing = false
  let stopped = false
  let lockedBecause: string | undefined
  let holds = 0
  let advances: Promise<unknown> = Promise.resolve()
  let armed: NodeJS.Timeout | undefined

  function now(): LocalTime {
    const value = Number(Atomics.load(cells, 1))
    // Wall time can step back (NTP); the local clock does not.
    latest = Math.max(latest, mode === 'live' ? Date.now() + value : value)
    return latest
  }

  function moveTo(instant: LocalTime): void {
    if (instant <= now()) return
    Atomics.store(cells, 1, BigInt(mode === 'live' ? instant - Date.now() : instant))
  }

  function at(dueAt: LocalTime, label: string, run: () => void | Promise<void>): Timer {
    return add(dueAt, { label, run })
  }

  function handle(kind: string, run: (data: unknown, dueAt: LocalTime) => void | Promise<void>): void {
    if (handlers.has(kind)) throw new Error(`Timers of kind ${kind} are handled already`)
    handlers.set(kind, run)
  }

  function later(kind: string, dueAt: LocalTime, data: unknown, label = kind): Timer {
    const handler = handlers.get(kind)
    if (handler === undefined) throw new Error(`Nothing handles timers of kind ${kind}`)
    return add(dueAt, { label, run: () => handler(data, dueAt), later: { kind, dueAt, data, label } })
  }

  function add(dueAt: LocalTime, timer: PendingTimer): Timer {
    if (dueAt <= now()) return soon(dueAt, timer.label, timer.run)
    const entry = timers.add(dueAt, timer)
    arm()
    return { dueAt, cancel: () => timers.remove(entry) }
  }

  function soon(dueAt: LocalTime, label: string, run: () => void | Promise<void>): Timer {
    const done = flight.busy(label)
    const immediate = setImmediate(() => {
      void runReported(label, run).finally(done)
    })
    const cancel = () => {
      clearImmediate(immediate)
      done()
    }
    return { dueAt, cancel }
  }

  function every(schedule: Schedule): Timer {
    const entry: Recurring = {
      schedule,
      dueAt: schedule.next(now()),
      quietRuns: 0,
      isConcerned: false,
      cancelled: false,
    }
    recurring.add(entry)
    arm()
    const cancel = () => {
      entry.cancelled = true
      recurring.delete(entry)
      quiet.delete(entry)
    }
    return { dueAt: entry.dueAt ?? Number.POSITIVE_INFINITY, cancel }
  }

  function wrote(concerned?: ReadonlySet<string>): void {
    const known = readers()
    const isForSome = concerned !== undefined && [...concerned].every(name => known.has(name))
    for (const entry of recurring) {
      const { reader } = entry.schedule
      if (isForSome && reader !== undefined && !concerned.has(reader)) continue
      entry.isConcerned = true
      if (quiet.delete(entry)) wake(entry)
    }
  }

  const readers = (): ReadonlySet<string> =>
    new Set([...recurring].flatMap(({ schedule }) => schedule.reader ?? []))

  function wake(entry: Recurring): void {
    entry.quietRuns = 0
    const next = entry.schedule.next(now())
    if (entry.dueAt === undefined || (next !== undefined && next < entry.dueAt)) entry.dueAt = next
  }

  function nextRecurring(): Recurring | undefined {
    let first: Recurring | undefined
    for (const entry of recurring) {
      if (entry.dueAt === undefined) continue
      if (first?.dueAt === undefined || entry.dueAt < first.dueAt) first = entry
    }
    return first
  }

  function dueAtOfNext(): LocalTime | undefined {
    const timer = timers.first()?.dueAt
    const schedule = nextRecurring()?.dueAt
    if (timer === undefined || schedule === undefined) return timer ?? schedule
    return Math.min(timer, schedule)
  }

  function nextDue(): { label: string; dueAt: LocalTime } | undefined {
    const timer = timers.first()
    const entry = nextRecurring()
    if (timer && (entry?.dueAt === undefined || timer.dueAt <= entry.dueAt)) {
      return { label: timer.value.label, dueAt: timer.dueAt }
    }
    return entry?.dueAt === undefined ? undefined : { label: entry.schedule.label, dueAt: entry.dueAt }
  }

  /** One-shot timers go first at equal times: a wait that ends now is seen by the job that runs now. */
  async function runNext(duringAdvance: boolean): Promise<void> {
    const timer = timers.first()
    const entry = nextRecurring()
    if (timer && (entry?.dueAt === undefined || timer.dueAt <= entry.dueAt)) {
      timers.remove(timer)
      moveTo(timer.dueAt)
      const done = flight.busy(timer.value.label)
      try {
        await timer.value.run()
      } finally {
        done()
      }
      return
    }
    if (entry?.dueAt === undefined) return
    if (duringAdvance) await runTogether(entry.dueAt)
    else await runOccurrence(entry, entry.dueAt, Math.max(entry.dueAt, now()))
  }

  /** All schedules that are due at this instant, side by side as they would run on AWS. */
  async function runTogether(dueAt: LocalTime): Promise<void> {
    const due = [...recurring].filter(entry => entry.dueAt === dueAt)
    for (const entry of due) entry.isConcerned = false
    moveTo(dueAt)
    await Promise.all(due.map(entry => runOccurrence(entry, dueAt, dueAt)))
    await flight.whenIdle()
    for (const entry of due) {
      if (entry.isConcerned || entry.cancelled) entry.quietRuns = 0
      else pause(entry, dueAt)
    }
  }

  async function runOccurrence(entry: Recurring, dueAt: LocalTime, nextAfter: LocalTime): Promise<void> {
    moveTo(dueAt)
    // A schedule whose `next` throws has ended; it must not stay due for ever.
    entry.dueAt = undefined
    entry.dueAt = entry.schedule.next(nextAfter)
    const done = flight.busy(entry.schedule.label)
    try {
      await entry.schedule.run(dueAt)
    } finally {
      done()
    }
  }

  /** Until a whole hour, so that quiet schedules meet and run side by side. */
  function pause(entry: Recurring, ranAt: LocalTime): void {
    const length = Math.min(FIRST_PAUSE_MS * PAUSE_GROWTH ** entry.quietRuns, LONGEST_PAUSE_MS)
    const until = ranAt + length
    entry.quietRuns += 1
    entry.dueAt = entry.schedule.next(Math.max(ranAt, until - (until % HOUR_MS) - 1))
    quiet.add(entry)
  }

  async function advance(target: LocalTime): Promise<void> {
    advancing = true
    clearTimeout(armed)
    try {
      await flight.whenIdle()
      for (let dueAt = dueAtOfNext(); dueAt !== undefined && dueAt <= target; dueAt = dueAtOfNext()) {
        await runNext(true)
        await flight.whenIdle()
        if (stopped) return
      }
      moveTo(target)
    } finally {
      for (const entry of quiet) wake(entry)
      quiet.clear()
      advancing = false
      arm()
    }
  }

  function advanceTo(target: LocalTime): Promise<void> {
    if (lockedBecause !== undefined) return Promise.reject(new Error(lockedBecause))
    const turn = advances.then(() => advance(target))
    advances = turn.catch(() => undefined)
    return turn
  }

  /** Live mode outside of an advance: one real timer for the next due thing. */
  function arm(): void {
    if (mode !== 'live' || advancing || stopped || holds > 0) return
    clearTimeout(armed)
    const dueAt = dueAtOfNext()
    if (dueAt === undefined) return
    const delay = Math.min(Math.max(0, dueAt - now()), LONGEST_REAL_TIMER_MS)
    armed = setTimeout(runDue, delay)
    armed.unref()
  }

  function runDue(): void {
    if (advancing || stopped || holds > 0) return
    for (let due = nextDue(); due !== undefined && due.dueAt <= now(); due = nextDue()) {
      void runReported(due.label, () => runNext(false))
    }
    arm()
  }

  async function runReported(label: string, run: () => void | Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      onError(label, error)
    }
  }

  return {
    shared,
    get mode() {
      return lockedBecause === undefined ? mode : 'locked'
    },
    now,
    at,
    handle,
    later,
    every,
    busy: flight.busy,
    wrote,
    whenIdle: flight.whenIdle,
    advanceTo,
    inFlight: flight.labels,
    timers: () => timers.list().flatMap(({ later: timer }) => (timer === undefined ? [] : [timer])),
    restoreTimers(pending) {
      for (const { kind, dueAt, data, label } of pending) later(kind, dueAt, data, label)
    },
    nextDue,
    lock(reason) {
      lockedBecause = reason
    },
    hold() {
      holds += 1
      return () => {
        holds -= 1
        arm()
      }
    },
    stop() {
      stopped = true
      clearTimeout(armed)
    },
  }
}

function reportToStderr(label: string, error: unknown): void {
  process.stderr.write(
    `local clock: ${label} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
}
