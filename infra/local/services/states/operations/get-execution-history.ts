import type { GetExecutionHistoryInput } from '@aws-sdk/client-sfn'
import { epochSeconds, type StatesOperation } from '../states.ts'
import { findExecution } from './find.ts'
import { paginate } from './paginate.ts'

type WireHistory = { readonly events: Record<string, unknown>[]; readonly nextToken?: string }

export const getExecutionHistory: StatesOperation<GetExecutionHistoryInput, WireHistory> = {
  parameters: {
    executionArn: 'string',
    maxResults: 'number',
    reverseOrder: 'boolean',
    nextToken: 'string',
    includeExecutionData: 'boolean',
  },
  run(states, input, context) {
    context.authorize('states:GetExecutionHistory', input.executionArn ?? '')
    const { history } = findExecution(states, input.executionArn)
    const { items, nextToken } = paginate(
      input.reverseOrder === true ? [...history].reverse() : history,
      input,
    )
    const events = items.map(({ id, previousEventId, timestamp, type, details }) => ({
      id,
      previousEventId,
      timestamp: epochSeconds(timestamp),
      type,
      ...(input.includeExecutionData === false ? {} : details),
    }))
    return { events, ...(nextToken === undefined ? {} : { nextToken }) }
  },
}
