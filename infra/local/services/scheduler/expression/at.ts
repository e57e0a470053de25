import { Cron } from 'croner'
import { invalidExpression } from './invalid.ts'
import type { Occurrences } from './parse.ts'

/** `at(2026-11-22T14:00:00)`: once, in the schedule's time zone. */
export function parseAt(expression: string, body: string, timezone: string): Occurrences {
  const text = body.trim()
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) || Number.isNaN(Date.parse(`${text}Z`))) {
    throw invalidExpression(expression)
  }
  const job = new Cron(text, { timezone, paused: true })
  return after => job.nextRun(new Date(after))?.getTime()
}
