import type { StopExecutionInput, StopExecutionOutput } from '@aws-sdk/client-sfn'
import { abortExecution } from '../interpreter/run-execution.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'

/** Stopping an execution that is over changes nothing and answers when it ended. */
export const stopExecution: StatesOperation<StopExecutionInput, Wire<StopExecutionOutput>> = {
  parameters: { executionArn: 'string', error: 'string', cause: 'string' },
  async run(states, input, context) {
    context.authorize('states:StopExecution', input.executionArn ?? '')
    const execution = findExecution(states, input.executionArn)
    if (execution.status === 'RUNNING') await abortExecution(states, execution, input.error, input.cause)
    return { stopDate: epochSeconds(execution.stoppedAt ?? states.cloud.clock.now()) }
  },
}
