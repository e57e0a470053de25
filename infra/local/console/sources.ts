/** What the console shows. Times are epoch milliseconds on the local clock; lists are newest first. */
export type ConsoleSources = {
  mailbox(): readonly ConsoleMail[]
  readonly clock: ConsoleClock
  executions(): readonly ConsoleExecution[]
  deadLetters(): readonly ConsoleDeadLetter[]
  recentEvents(): readonly ConsoleEvent[]
  functions(): readonly ConsoleFunction[]
  journal(): readonly ConsoleJournalEntry[]
  health(): { readonly status: string }
  /** Where to go from here: `{ Portal: 'http://localhost:8080' }`. */
  readonly links: Readonly<Record<string, string>>
}

export type ConsoleClock = {
  now(): number
  /** `locked`: follows real time and cannot be moved, because something real is attached. */
  readonly mode: 'live' | 'frozen' | 'locked'
  /** How far the local clock is ahead of the wall clock. */
  offsetMs(): number
  /** Resolves when everything that was due has run. */
  advanceTo(target: number): Promise<void>
}

export type ConsoleMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly code?: string
  readonly sentAt: number
}

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

export type ConsoleDeadLetter = {
  readonly queue: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly sentAt: number
}

export type ConsoleEvent = {
  readonly busName: string
  readonly event: {
    readonly source: string
    readonly 'detail-type': string
    readonly time: string
    readonly detail: unknown
  }
  readonly rules: readonly string[]
}

export type ConsoleFunction = { readonly name: string } & Readonly<Record<string, unknown>>

export type ConsoleJournalEntry = {
  readonly at: number
  readonly source: string
  readonly summary: string
  readonly detail?: unknown
}
