import type { Clock, LocalTime } from './contract.ts'

/** Entries that are kept; the oldest leave first. */
const KEPT = 1_000

export type JournalEntry = {
  readonly at: LocalTime
  readonly source: string
  readonly summary: string
  readonly detail?: unknown
}

export type Journal = {
  add(entry: { source: string; summary: string; detail?: unknown }): void
  /** Newest first. */
  entries(): readonly JournalEntry[]
}

/** Notable things that happened in the local cloud, for the console and for failure messages of tests. */
export function createJournal(clock: Pick<Clock, 'now'>): Journal {
  const kept: JournalEntry[] = []
  return {
    add(entry) {
      kept.push({ at: clock.now(), ...entry })
      if (kept.length > KEPT) kept.shift()
    },
    entries: () => kept.toReversed(),
  }
}
