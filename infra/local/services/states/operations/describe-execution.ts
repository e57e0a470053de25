import type { DescribeExecutionInput, DescribeExecutionOutput } from '@aws-sdk/client-sfn'
import type { Execution } from '../state.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'
import { whyNotRedrivable } from './redrive-execution.ts'

export const describeExecution: StatesOperation<DescribeExecutionInput, Wire<DescribeExecutionOutput>> = {
  parameters: { executionArn: 'string', includedData: 'unsupported' },
  run(states, input, context) {
    context.authorize('states:DescribeExecution', input.executionArn ?? '')
    const execution = findExecution(states, input.executionArn)
    const reason = whyNotRedrivable(execution, states.cloud.clock.now())
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status: execution.status,
      startDate: epochSeconds(execution.startedAt),
      input: execution.inputText,
      inputDetails: { included: true },
      ...endingOf(execution),
      redriveCount: execution.redriveCount,
      ...(execution.redrivenAt === undefined ? {} : { redriveDate: epochSeconds(execution.redrivenAt) }),
      redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(reason === undefined ? {} : { redriveStatusReason: reason }),
    }
  },
}

const endingOf = (execution: Execution) => ({
  ...(execution.stoppedAt === undefined ? {} : { stopDate: epochSeconds(execution.stoppedAt) }),
  ...(execution.output === undefined
    ? {}
    : { output: JSON.stringify(execution.output), outputDetails: { included: true } }),
  ...(execution.error === undefined ? {} : { error: execution.error }),
  ...(execution.cause === undefined ? {} : { cause: execution.cause }),
})
