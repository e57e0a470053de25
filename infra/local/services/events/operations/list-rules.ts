import type { ListRulesRequest, ListRulesResponse } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { type EventsOperation, findBus } from '../events.ts'
import { busNameOrArn, limit, nextToken, ruleName } from '../members.ts'
import { paginate } from '../paginate.ts'
import { describeStoredRule } from './describe-rule.ts'

const input = z.strictObject({
  NamePrefix: z.optional(ruleName),
  EventBusName: z.optional(busNameOrArn),
  Limit: z.optional(limit),
  NextToken: z.optional(nextToken),
}) satisfies z.ZodType<ListRulesRequest>

export const listRules: EventsOperation<typeof input, ListRulesResponse> = {
  input,
  run(events, query, context) {
    const { cloud, state } = events
    context.authorize('events:ListRules', `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/*`)
    const bus = findBus(events, query.EventBusName)
    const rules = state.rules.filter(
      rule => rule.busName === bus.name && rule.name.startsWith(query.NamePrefix ?? ''),
    )
    const { items, ...more } = paginate(rules, rule => rule.name, query)
    return { Rules: items.map(describeStoredRule), ...more }
  },
}
