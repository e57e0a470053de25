import type { ListTargetsByRuleRequest, ListTargetsByRuleResponse, Target } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { type EventsOperation, findRule } from '../events.ts'
import { busNameOrArn, limit, nextToken, ruleName } from '../members.ts'
import { paginate } from '../paginate.ts'
import type { RuleTarget } from '../state.ts'

const input = z.strictObject({
  Rule: ruleName,
  EventBusName: z.optional(busNameOrArn),
  Limit: z.optional(limit),
  NextToken: z.optional(nextToken),
}) satisfies z.ZodType<ListTargetsByRuleRequest>

export const listTargetsByRule: EventsOperation<typeof input, ListTargetsByRuleResponse> = {
  input,
  run(events, query, context) {
    const rule = findRule(events, query.EventBusName, query.Rule)
    context.authorize('events:ListTargetsByRule', rule.arn)
    const { items, ...more } = paginate(rule.targets, target => target.id, query)
    return { Targets: items.map(describe), ...more }
  },
}

function describe({ id, delivery, input, inputPath, transformer }: RuleTarget): Target {
  const retry = {
    ...(delivery.maximumRetryAttempts === undefined
      ? {}
      : { MaximumRetryAttempts: delivery.maximumRetryAttempts }),
    ...(delivery.maximumEventAgeSeconds === undefined
      ? {}
      : { MaximumEventAgeInSeconds: delivery.maximumEventAgeSeconds }),
  }
  return {
    Id: id,
    Arn: delivery.arn,
    ...(delivery.roleArn ? { RoleArn: delivery.roleArn } : {}),
    ...(input === undefined ? {} : { Input: input }),
    ...(inputPath === undefined ? {} : { InputPath: inputPath }),
    ...(transformer
      ? { InputTransformer: { InputPathsMap: transformer.paths, InputTemplate: transformer.template } }
      : {}),
    ...(delivery.deadLetterArn ? { DeadLetterConfig: { Arn: delivery.deadLetterArn } } : {}),
    ...(Object.keys(retry).length > 0 ? { RetryPolicy: retry } : {}),
  }
}
