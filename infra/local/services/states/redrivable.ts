import type { Execution } from './state.ts'

const DAY_MS = 86_400_000
/** docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
const REDRIVE_PERIOD_MS = 14 * DAY_MS
const MAX_EVENTS = 25_000

/** Why an execution cannot be redriven, in Step Functions' words; `undefined` when it can. */
export function whyNotRedrivable(execution: Execution, now: number): string | undefined {
  if (execution.status === 'RUNNING') return 'Execution is RUNNING and cannot be redriven'
  if (execution.status === 'SUCCEEDED') return 'Execution is SUCCEEDED and cannot be redriven'
  if (execution.history.length >= MAX_EVENTS) return 'Execution history event limit exceeded'
  if (now - (execution.stoppedAt ?? now) > REDRIVE_PERIOD_MS) return 'Execution redrivable period exceeded'
  return undefined
}
