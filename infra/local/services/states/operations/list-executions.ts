import type { ListExecutionsInput, ListExecutionsOutput } from '@aws-sdk/client-sfn'
import type { Execution } from '../state.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findMachine } from './find.ts'
import { paginate } from './paginate.ts'

export const listExecutions: StatesOperation<ListExecutionsInput, Wire<ListExecutionsOutput>> = {
  parameters: {
    stateMachineArn: 'string',
    statusFilter: 'string',
    maxResults: 'number',
    nextToken: 'string',
    mapRunArn: 'unsupported',
    redriveFilter: 'unsupported',
  },
  run(states, input, context) {
    context.authorize('states:ListExecutions', input.stateMachineArn ?? '')
    const machine = findMachine(states, input.stateMachineArn)
    const { statusFilter } = input
    const newestFirst = [...states.state.executions.values()]
      .filter(execution => execution.machineArn === machine.arn)
      .filter(execution => statusFilter === undefined || execution.status === statusFilter)
      .reverse()
    const { items, nextToken } = paginate(newestFirst, input)
    return { executions: items.map(summaryOf), ...(nextToken === undefined ? {} : { nextToken }) }
  },
}

const summaryOf = (
  execution: Execution,
): Wire<ListExecutionsOutput>['executions'] extends (infer Item)[] | undefined ? Item : never => ({
  executionArn: execution.arn,
  stateMachineArn: execution.machineArn,
  name: execution.name,
  status: execution.status,
  startDate: epochSeconds(execution.startedAt),
  ...(execution.stoppedAt === undefined ? {} : { stopDate: epochSeconds(execution.stoppedAt) }),
  redriveCount: execution.redriveCount,
  ...(execution.redrivenAt === undefined ? {} : { redriveDate: epochSeconds(execution.redrivenAt) }),
})
