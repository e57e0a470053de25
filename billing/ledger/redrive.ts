import type { Invoke } from '#kernel/rpc'
import type { DeadLetters, Letter } from './dead-letters.ts'
import { createDeliverLines } from './deliver-lines.ts'

export type RedrivePorts = {
  readonly letters: DeadLetters
  /** `record-usage`: it records what parses and queues the rest again with the newest reason. */
  readonly recordUsage: Invoke
}

/** Longer than a run: nobody else takes what it has. */
const HIDDEN_SECONDS = 120
/** A run is bounded; who has more starts it again. */
const LETTERS_MAX = 500

/**
 * Gives the dead letters that hold log lines to `record-usage` once more. A letter goes only after it was taken, and the
 * ledger keeps each request once, so a run that is cut off is repeated harmlessly. A line that comes back while the run
 * goes on was queued again by it, and is left for the next one. How many letters were taken.
 */
export async function redrive({ letters, recordUsage }: RedrivePorts): Promise<number> {
  const deliverLines = createDeliverLines(recordUsage)
  const seen = new Set<string>()
  const left: Letter[] = []
  let taken = 0
  try {
    while (taken + left.length < LETTERS_MAX) {
      const received = await letters.receive(HIDDEN_SECONDS)
      if (received.length === 0) break
      for (const letter of received) {
        const { content, sentAt } = letter
        if (content.kind === 'other' || (content.kind === 'line' && seen.has(content.logEventId))) {
          left.push(letter)
          continue
        }
        left.push(letter)
        if (content.kind === 'delivery') await recordUsage(content.payload)
        else {
          seen.add(content.logEventId)
          const line = { id: content.logEventId, timestamp: sentAt, message: content.line }
          await deliverLines(content, [line])
        }
        await letters.remove(letter.receipt)
        left.pop()
        taken++
      }
    }
  } finally {
    for (const { receipt } of left) await letters.release(receipt)
  }
  return taken
}
