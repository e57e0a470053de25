import type {
  DescribeStateMachineForExecutionInput,
  DescribeStateMachineForExecutionOutput,
} from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { arn, includedData } from '../members.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findExecution } from './find.ts'

const input = z.strictObject({
  executionArn: arn,
  includedData,
}) satisfies z.ZodType<DescribeStateMachineForExecutionInput>

/** The machine as it was when the execution started. */
export const describeStateMachineForExecution: StatesOperation<
  typeof input,
  Wire<DescribeStateMachineForExecutionOutput>
> = {
  input,
  run(states, { executionArn, includedData = 'ALL_DATA' }, context) {
    context.authorize('states:DescribeStateMachineForExecution', executionArn)
    const { machine } = findExecution(states, executionArn)
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      definition: includedData === 'ALL_DATA' ? machine.definitionText : '{}',
      roleArn: machine.roleArn,
      updateDate: epochSeconds(machine.createdAt),
      ...machine.configuration,
    }
  },
}
