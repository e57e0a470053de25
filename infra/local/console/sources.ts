import type { StateGraph } from './graph/graph.ts'

/**
 * What the console shows and moves, declared by what it needs. Times are epoch milliseconds on the local clock; lists
 * are newest first.
 */
export type ConsoleSources = {
  readonly links: readonly ConsoleLink[]
  readonly clock: ConsoleClock
  mailbox(): readonly ConsoleMail[]
  functions(): readonly ConsoleFunction[]
  executions(): readonly ConsoleExecution[]
  /** The newest execution of the name, of one machine when it is given. */
  execution(name: string, machine?: string): ConsoleExecutionDetail | undefined
  recentEvents(): readonly ConsoleEvent[]
  deadLetters(): readonly ConsoleDeadLetter[]
  /** Sends a dead letter to where it came from again. Answers where it went; rejects with why it stays. */
  redrive(queue: string, id: string): Promise<string>
  usage(): readonly ConsoleKeyUsage[]
  readonly stripe: ConsoleStripe
  readonly faults: ConsoleFaults
  readonly logs: ConsoleLogs
  journal(): readonly ConsoleJournalEntry[]
  unusedGrants(): readonly ConsoleGrant[]
  health(): { readonly status: string }
}

/** Where to go from here. `role` lets pages name the one they mean: "Sign up at …". */
export type ConsoleLink = { readonly label: string; readonly url: string; readonly role?: 'portal' }

export type ConsoleClock = {
  now(): number
  /** `locked`: follows real time and cannot be moved, because something real is attached. */
  readonly mode: 'live' | 'frozen' | 'locked'
  /** How far the local clock is ahead of the wall clock. */
  offsetMs(): number
  nextDue(): { readonly label: string; readonly dueAt: number } | undefined
  /** Resolves when everything that was due has run. */
  advanceTo(target: number): Promise<void>
}

export type ConsoleMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string | undefined
  readonly code?: string | undefined
  readonly sentAt: number
}

export type ConsoleFunction = {
  readonly name: string
  readonly arn: string
  readonly environments: number
  readonly inFlight: number
  readonly logGroup?: string
  readonly invocations: readonly ConsoleInvocation[]
}

/** `durationMs` is real time; `payload` and `result` are JSON text. */
export type ConsoleInvocation = {
  readonly requestId: string
  readonly startedAt: number
  readonly durationMs: number
  readonly coldStart: boolean
  readonly failed: boolean
  readonly payload: string
  readonly result: string
  readonly lines: readonly ConsoleLogLine[]
}

export type ConsoleLogLine = { readonly timestamp: number; readonly message: string }

export type ConsoleExecution = {
  readonly name: string
  readonly machine: string
  readonly status: string
  /** The state it is in, or was in when it ended. */
  readonly currentState?: string
  readonly startedAt: number
  readonly stoppedAt?: number
  readonly error?: string
}

export type ConsoleExecutionDetail = ConsoleExecution & {
  readonly cause?: string
  readonly input: unknown
  readonly output?: unknown
  readonly graph: StateGraph
  /** Every entry into a state, oldest first. */
  readonly visited: readonly ConsoleVisit[]
  /** States it is in now. */
  readonly current: readonly string[]
  /** States in which it ended, and those that were left because of an error when last visited. */
  readonly failed: readonly string[]
  /** Oldest first. */
  readonly history: readonly ConsoleHistoryEvent[]
}

export type ConsoleVisit = {
  readonly state: string
  readonly enteredAt: number
  readonly exitedAt?: number
  /** Attempts that failed. */
  readonly failures: number
}

export type ConsoleHistoryEvent = {
  readonly id: number
  readonly at: number
  readonly type: string
  readonly details: unknown
}

export type ConsoleEvent = {
  readonly busName: string
  readonly event: {
    readonly id: string
    readonly source: string
    readonly 'detail-type': string
    readonly time: string
    readonly detail: unknown
  }
  readonly rules: readonly string[]
}

export type ConsoleDeadLetter = {
  readonly queue: string
  readonly id: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly sentAt: number
  /** Where a redrive sends it; a letter without one cannot be redriven. */
  readonly origin?: string
}

/** What a gateway key has used of a usage plan: requests that were let through and that its throttle refused. */
export type ConsoleKeyUsage = {
  readonly planId: string
  readonly planName: string
  readonly keyId: string
  readonly keyName: string
  readonly total: number
  readonly throttled: number
  /** By UTC day: `2026-03-01`. */
  readonly perDay: Readonly<Record<string, number>>
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number; readonly tokensLeft: number }
}

export type ConsoleStripe = {
  readonly kinds: readonly string[]
  /** Plain rows, newest first; times are ISO text, amounts minor units. */
  objects(kind: string, options: { readonly limit: number }): readonly StripeRow[]
}

export type StripeRow = Readonly<Record<string, unknown>>

/** The switches of the local cloud's faults; `add` throws what is wrong with a fault. */
export type ConsoleFaults = {
  list(): readonly ConsoleFault[]
  add(fault: unknown): string
  remove(id: string): boolean
  clear(): void
}

export type ConsoleFault = {
  readonly id: string
  readonly service: string
  readonly operation: string
  readonly resource?: string | undefined
  readonly nth?: number | undefined
  readonly times?: number | undefined
  readonly effect: { readonly kind: string } & Readonly<Record<string, unknown>>
  readonly seen: number
  readonly struck: number
}

export type ConsoleLogs = {
  groups(): readonly ConsoleLogGroup[]
  /** The newest lines, in the order in which they were printed. */
  lines(query: {
    readonly group?: string
    readonly requestId?: string
    readonly limit: number
  }): readonly (ConsoleLogLine & { readonly group: string })[]
}

export type ConsoleLogGroup = {
  readonly name: string
  readonly lines: number
  readonly storedBytes: number
  readonly lastEventAt?: number
}

export type ConsoleJournalEntry = {
  readonly at: number
  readonly source: string
  readonly summary: string
  readonly detail?: unknown
}

export type ConsoleGrant = {
  readonly holder: string
  readonly policy: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}
