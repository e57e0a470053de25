import type { DescribeRuleRequest, DescribeRuleResponse } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { type EventsOperation, findRule } from '../events.ts'
import { busNameOrArn, ruleName } from '../members.ts'
import type { Rule } from '../state.ts'

const input = z.strictObject({
  Name: ruleName,
  EventBusName: z.optional(busNameOrArn),
}) satisfies z.ZodType<DescribeRuleRequest>

export const describeRule: EventsOperation<typeof input, DescribeRuleResponse> = {
  input,
  run(events, { Name, EventBusName }, context) {
    const rule = findRule(events, EventBusName, Name)
    context.authorize('events:DescribeRule', rule.arn)
    return { ...describeStoredRule(rule), CreatedBy: events.cloud.accountId }
  },
}

export const describeStoredRule = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
  ...(rule.description ? { Description: rule.description } : {}),
  EventBusName: rule.busName,
})
