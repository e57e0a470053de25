import type { DescribeStateMachineInput, DescribeStateMachineOutput } from '@aws-sdk/client-sfn'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findMachine } from './find.ts'

export const describeStateMachine: StatesOperation<
  DescribeStateMachineInput,
  Wire<DescribeStateMachineOutput>
> = {
  parameters: { stateMachineArn: 'string', includedData: 'unsupported' },
  run(states, input, context) {
    context.authorize('states:DescribeStateMachine', input.stateMachineArn ?? '')
    const machine = findMachine(states, input.stateMachineArn)
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      status: 'ACTIVE',
      definition: machine.definitionText,
      roleArn: machine.roleArn,
      type: 'STANDARD',
      creationDate: epochSeconds(machine.createdAt),
    }
  },
}
