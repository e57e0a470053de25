import type { StopExecutionInput, StopExecutionOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import { abortExecution } from '../interpreter/run-execution.ts'
import { arn } from '../members.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'

const input = z.strictObject({
  executionArn: arn,
  error: z.optional(text({ max: 256 })),
  cause: z.optional(text({ max: 32_768 })),
}) satisfies z.ZodType<StopExecutionInput>

/** Stopping an execution that is over changes nothing and answers when it ended. */
export const stopExecution: StatesOperation<typeof input, Wire<StopExecutionOutput>> = {
  input,
  run(states, { executionArn, error, cause }, context) {
    context.authorize('states:StopExecution', executionArn)
    const execution = findExecution(states, executionArn)
    if (execution.status === 'RUNNING') abortExecution(states, execution, error, cause)
    return { stopDate: epochSeconds(execution.stoppedAt ?? states.cloud.clock.now()) }
  },
}
