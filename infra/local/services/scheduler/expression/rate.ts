import type { LocalTime } from '../../../contract.ts'
import { invalidExpression } from './invalid.ts'
import type { Occurrences } from './parse.ts'

const MINUTE_MS = 60_000
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
}

/** `rate(5 minutes)`: counted from the minute in which the schedule was made. A singular unit wants the value 1. */
export function parseRate(expression: string, body: string, createdAt: LocalTime): Occurrences {
  const [, value = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body.trim()) ?? []
  const unitMs = UNIT_MS[unit]
  if (unitMs === undefined || (value === '1') === (plural === 's')) throw invalidExpression(expression)
  const periodMs = Number(value) * unitMs
  const origin = Math.floor(createdAt / MINUTE_MS) * MINUTE_MS
  return after => origin + Math.max(1, Math.floor((after - origin) / periodMs) + 1) * periodMs
}
