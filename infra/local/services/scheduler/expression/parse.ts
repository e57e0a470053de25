import type { LocalTime } from '../../../contract.ts'
import { ServiceError } from '../../../contract.ts'
import { parseAt } from './at.ts'
import { parseCron } from './cron.ts'
import { invalidExpression } from './invalid.ts'
import { parseRate } from './rate.ts'

/** The first occurrence strictly after the given time, or `undefined` when there is none. */
export type Occurrences = (after: LocalTime) => LocalTime | undefined

/** Parses `rate(…)`, `cron(…)` or `at(…)`. `createdAt` is where a rate starts counting. */
export function parseExpression(expression: string, timezone: string, createdAt: LocalTime): Occurrences {
  checkTimezone(timezone)
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? []
  if (kind === 'rate') return parseRate(expression, body, createdAt)
  if (kind === 'cron') return parseCron(expression, body, timezone)
  if (kind === 'at') return parseAt(expression, body, timezone)
  throw invalidExpression(expression)
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    throw new ServiceError(
      'ValidationException',
      `Provided ScheduleExpressionTimezone ${timezone} is not valid.`,
    )
  }
}
