import type { DescribeExecutionInput, DescribeExecutionOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { arn, includedData } from '../members.ts'
import { whyNotRedrivable } from '../redrivable.ts'
import type { Execution } from '../state.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'

const input = z.strictObject({
  executionArn: arn,
  includedData,
}) satisfies z.ZodType<DescribeExecutionInput>

export const describeExecution: StatesOperation<typeof input, Wire<DescribeExecutionOutput>> = {
  input,
  run(states, { executionArn, includedData = 'ALL_DATA' }, context) {
    context.authorize('states:DescribeExecution', executionArn)
    const execution = findExecution(states, executionArn)
    const reason = whyNotRedrivable(execution, states.cloud.clock.now())
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machine.arn,
      name: execution.name,
      status: execution.status,
      startDate: epochSeconds(execution.startedAt),
      ...(execution.stoppedAt === undefined ? {} : { stopDate: epochSeconds(execution.stoppedAt) }),
      ...(includedData === 'ALL_DATA' ? dataOf(execution) : {}),
      ...(execution.traceHeader === undefined ? {} : { traceHeader: execution.traceHeader }),
      redriveCount: execution.redriveCount,
      ...(execution.redrivenAt === undefined ? {} : { redriveDate: epochSeconds(execution.redrivenAt) }),
      redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(reason === undefined ? {} : { redriveStatusReason: reason }),
    }
  },
}

/** Input, output and failure: what METADATA_ONLY leaves out. */
const dataOf = (execution: Execution) => ({
  input: execution.inputText,
  inputDetails: { included: true },
  ...(execution.output === undefined
    ? {}
    : { output: JSON.stringify(execution.output), outputDetails: { included: true } }),
  ...(execution.error === undefined ? {} : { error: execution.error }),
  ...(execution.cause === undefined ? {} : { cause: execution.cause }),
})
