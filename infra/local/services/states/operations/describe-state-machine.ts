import type { DescribeStateMachineInput, DescribeStateMachineOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { arn, includedData } from '../members.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findMachine } from './find.ts'

const input = z.strictObject({
  stateMachineArn: arn,
  includedData,
}) satisfies z.ZodType<DescribeStateMachineInput>

export const describeStateMachine: StatesOperation<typeof input, Wire<DescribeStateMachineOutput>> = {
  input,
  run(states, { stateMachineArn, includedData = 'ALL_DATA' }, context) {
    context.authorize('states:DescribeStateMachine', stateMachineArn)
    const machine = findMachine(states, stateMachineArn)
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      status: 'ACTIVE',
      definition: includedData === 'ALL_DATA' ? machine.definitionText : '{}',
      roleArn: machine.roleArn,
      type: 'STANDARD',
      creationDate: epochSeconds(machine.createdAt),
      ...machine.configuration,
    }
  },
}
