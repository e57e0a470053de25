import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'

export type ExecutionStatus = 'missing' | 'running' | 'succeeded' | 'failed'

/** Step Functions, as the starter and the sweep need it. */
export interface Executions {
  /** Starting an execution that exists under this name changes nothing. */
  start(machineArn: string, name: string, input: object): Promise<void>
  status(machineArn: string, name: string): Promise<ExecutionStatus>
}

/** `arn:…:stateMachine:<machine>` names its executions `arn:…:execution:<machine>:<name>`. */
export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`

export function createExecutions(client: Pick<SFNClient, 'send'> = new SFNClient({})): Executions {
  return {
    async start(stateMachineArn, name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }))
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error
      }
    },

    async status(machineArn, name) {
      try {
        const arn = executionArn(machineArn, name)
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn: arn }))
        if (status === 'SUCCEEDED') return 'succeeded'
        return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'failed'
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'missing'
        throw error
      }
    },
  }
}
