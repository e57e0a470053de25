import type { RedriveExecutionInput, RedriveExecutionOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { text } from '../../../input/members.ts'
import { runExecution } from '../interpreter/run-execution.ts'
import { arn } from '../members.ts'
import { publishStatus } from '../publish-status.ts'
import { whyNotRedrivable } from '../redrivable.ts'
import type { Execution, Frame } from '../state.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'

const input = z.strictObject({
  executionArn: arn,
  clientToken: z.optional(text({ min: 1, max: 64, pattern: '[!-~]+' })),
}) satisfies z.ZodType<RedriveExecutionInput>

/** Runs a failed execution on from the states it failed in, with the input they had. */
export const redriveExecution: StatesOperation<typeof input, Wire<RedriveExecutionOutput>> = {
  input,
  run(states, { executionArn, clientToken }, context) {
    context.authorize('states:RedriveExecution', executionArn)
    const execution = findExecution(states, executionArn)
    const now = states.cloud.clock.now()
    if (clientToken !== undefined && execution.redriveToken === clientToken) {
      return { redriveDate: epochSeconds(execution.redrivenAt ?? now) }
    }
    const reason = whyNotRedrivable(execution, now)
    if (reason !== undefined) throw new ServiceError('ExecutionNotRedrivable', reason)
    reopen(execution, now)
    execution.redriveToken = clientToken
    states.cloud.clock.wrote()
    publishStatus(states, execution)
    runExecution(states, execution)
    return { redriveDate: epochSeconds(now) }
  },
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
    previousEventId: execution.history.length,
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
