import type { RedriveExecutionInput, RedriveExecutionOutput } from '@aws-sdk/client-sfn'
import { ServiceError } from '../../../contract.ts'
import { runExecution } from '../interpreter/run-execution.ts'
import type { Execution, Frame } from '../state.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'

const DAY_MS = 86_400_000
/** docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
const REDRIVE_PERIOD_MS = 14 * DAY_MS

/** Runs a failed execution on from the states it failed in, with the input they had. */
export const redriveExecution: StatesOperation<RedriveExecutionInput, Wire<RedriveExecutionOutput>> = {
  parameters: { executionArn: 'string', clientToken: 'unsupported' },
  run(states, input, context) {
    context.authorize('states:RedriveExecution', input.executionArn ?? '')
    const execution = findExecution(states, input.executionArn)
    const now = states.cloud.clock.now()
    const reason = whyNotRedrivable(execution, now)
    if (reason !== undefined) throw new ServiceError('ExecutionNotRedrivable', reason)
    reopen(execution, now)
    states.cloud.clock.wrote()
    runExecution(states, execution)
    return { redriveDate: epochSeconds(now) }
  },
}

export function whyNotRedrivable(execution: Execution, now: number): string | undefined {
  if (execution.status === 'RUNNING') return 'Execution is RUNNING and cannot be redriven'
  if (execution.status === 'SUCCEEDED') return 'Execution is SUCCEEDED and cannot be redriven'
  if (now - (execution.stoppedAt ?? now) > REDRIVE_PERIOD_MS) return 'Execution redrive period exceeded'
  return undefined
}

function reopen(execution: Execution, now: number): void {
  execution.status = 'RUNNING'
  execution.redriveCount += 1
  execution.redrivenAt = now
  delete execution.stoppedAt
  delete execution.error
  delete execution.cause
  const id = execution.history.length + 1
  execution.history.push({
    id,
    previousEventId: execution.root.lastEventId,
    timestamp: now,
    type: 'ExecutionRedriven',
    details: { executionRedrivenEventDetails: { redriveCount: execution.redriveCount } },
  })
  execution.root.lastEventId = id
  resetAttempts(execution.root)
}

/** Attempts count anew; what was done stays done, and a wait ends when it would have ended. */
function resetAttempts(frame: Frame): void {
  frame.retries = {}
  frame.retryCount = 0
  if (frame.phase.kind === 'children') frame.phase.frames.forEach(resetAttempts)
  else if (frame.phase.kind === 'retrying') frame.phase = { kind: 'working' }
}
