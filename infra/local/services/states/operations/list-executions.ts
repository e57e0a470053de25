import type { ExecutionListItem, ListExecutionsInput, ListExecutionsOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { choice } from '../../../input/members.ts'
import { arn, PAGE, STATUSES } from '../members.ts'
import type { Execution } from '../state.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { findMachine } from './find.ts'
import { paginate } from './paginate.ts'

/** Map runs belong to distributed maps, which do not exist here: a `mapRunArn` is refused. */
const input = z.strictObject({
  stateMachineArn: z.optional(arn),
  statusFilter: z.optional(choice(...STATUSES)),
  redriveFilter: z.optional(choice('REDRIVEN', 'NOT_REDRIVEN')),
  ...PAGE,
}) satisfies z.ZodType<ListExecutionsInput>

/** Newest first. */
export const listExecutions: StatesOperation<typeof input, Wire<ListExecutionsOutput>> = {
  input,
  run(states, query, context) {
    const { stateMachineArn, statusFilter, redriveFilter } = query
    if (stateMachineArn === undefined) {
      throw new ServiceError('ValidationException', 'Must provide a StateMachine ARN or MapRun ARN')
    }
    context.authorize('states:ListExecutions', stateMachineArn)
    const machine = findMachine(states, stateMachineArn)
    const found = [...states.state.executions.values()]
      .filter(execution => execution.machine.arn === machine.arn)
      .filter(({ status }) => statusFilter === undefined || status === statusFilter)
      .filter(
        ({ redriveCount }) =>
          redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === redriveCount > 0,
      )
      .reverse()
    const { items, ...more } = paginate(found, execution => execution.arn, query)
    return { executions: items.map(summaryOf), ...more }
  },
}

const summaryOf = (execution: Execution): Wire<ExecutionListItem> => ({
  executionArn: execution.arn,
  stateMachineArn: execution.machine.arn,
  name: execution.name,
  status: execution.status,
  startDate: epochSeconds(execution.startedAt),
  ...(execution.stoppedAt === undefined ? {} : { stopDate: epochSeconds(execution.stoppedAt) }),
  redriveCount: execution.redriveCount,
  ...(execution.redrivenAt === undefined ? {} : { redriveDate: epochSeconds(execution.redrivenAt) }),
})
