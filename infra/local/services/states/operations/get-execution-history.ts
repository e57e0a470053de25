import type { GetExecutionHistoryInput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { arn, PAGE } from '../members.ts'
import type { HistoryEvent } from '../state.ts'
import { epochSeconds, type StatesOperation } from '../states.ts'
import { findExecution } from './find.ts'
import { paginate } from './paginate.ts'

const input = z.strictObject({
  executionArn: arn,
  ...PAGE,
  reverseOrder: z.optional(z.boolean()),
  includeExecutionData: z.optional(z.boolean()),
}) satisfies z.ZodType<GetExecutionHistoryInput>

type WireHistory = { readonly events: Record<string, unknown>[]; readonly nextToken?: string }

export const getExecutionHistory: StatesOperation<typeof input, WireHistory> = {
  input,
  run(states, query, context) {
    context.authorize('states:GetExecutionHistory', query.executionArn)
    const { history } = findExecution(states, query.executionArn)
    const ordered = query.reverseOrder === true ? history.toReversed() : history
    const { items, ...more } = paginate(ordered, event => String(event.id), query)
    const withData = query.includeExecutionData !== false
    return { events: items.map(event => describeEvent(event, withData)), ...more }
  },
}

/** An event as the API shows it; nothing is ever truncated here. */
export function describeEvent(event: HistoryEvent, withData: boolean): Record<string, unknown> {
  const { id, previousEventId, timestamp, type, details } = event
  const described = Object.entries(details).map(([name, members]) => [
    name,
    withData ? withTruncation(members) : withoutData(members),
  ])
  return { timestamp: epochSeconds(timestamp), type, id, previousEventId, ...Object.fromEntries(described) }
}

type Members = Readonly<Record<string, unknown>>

const withTruncation = (members: Members): Members => ({
  ...members,
  ...(members.input === undefined ? {} : { inputDetails: { truncated: false } }),
  ...(members.output === undefined ? {} : { outputDetails: { truncated: false } }),
})

function withoutData({ input: _input, output: _output, parameters, ...members }: Members): Members {
  return parameters === undefined ? members : { ...members, parameters: '' }
}
