import { ExecutionDoesNotExist, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { executionArn } from '../workflows/executions.ts'

/**
 * Stops an execution by name. One that has ended, or never was, is left as it is. A stopped one counts as aborted, not
 * as failed, so it rings no alarm.
 */
export const createStopExecution =
  (machineArn: string, client: Pick<SFNClient, 'send'> = new SFNClient({})) =>
  async (name: string, cause: string): Promise<void> => {
    try {
      await client.send(new StopExecutionCommand({ executionArn: executionArn(machineArn, name), cause }))
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error
    }
  }
