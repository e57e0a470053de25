import type { ListRuleNamesByTargetRequest, ListRuleNamesByTargetResponse } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import { type EventsOperation, findBus } from '../events.ts'
import { busNameOrArn, limit, nextToken } from '../members.ts'
import { paginate } from '../paginate.ts'

const input = z.strictObject({
  TargetArn: text({ min: 1, max: 1_600 }),
  EventBusName: z.optional(busNameOrArn),
  Limit: z.optional(limit),
  NextToken: z.optional(nextToken),
}) satisfies z.ZodType<ListRuleNamesByTargetRequest>

export const listRuleNamesByTarget: EventsOperation<typeof input, ListRuleNamesByTargetResponse> = {
  input,
  run(events, query, context) {
    const { cloud, state } = events
    context.authorize(
      'events:ListRuleNamesByTarget',
      `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/*`,
    )
    const bus = findBus(events, query.EventBusName)
    const names = state.rules
      .filter(rule => rule.busName === bus.name)
      .filter(rule => rule.targets.some(target => target.delivery.arn === query.TargetArn))
      .map(rule => rule.name)
    const { items, ...more } = paginate(names, name => name, query)
    return { RuleNames: items, ...more }
  },
}
