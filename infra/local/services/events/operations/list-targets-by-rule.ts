import type { ListTargetsByRuleRequest, ListTargetsByRuleResponse, Target } from '@aws-sdk/client-eventbridge'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { busNameOf } from '../bus-arn.ts'
import type { EventsState, RuleTarget } from '../state.ts'

export const listTargetsByRule =
  (_cloud: LocalCloud, state: EventsState) =>
  (input: ListTargetsByRuleRequest, context: OperationContext): ListTargetsByRuleResponse => {
    refuseUnknown('events ListTargetsByRule', input, ['Rule', 'EventBusName'])
    const busName = busNameOf(input.EventBusName)
    const rule = state.rules.find(candidate => candidate.busName === busName && candidate.name === input.Rule)
    if (!rule) {
      throw new ServiceError(
        'ResourceNotFoundException',
        `Rule ${input.Rule} does not exist on EventBus ${busName}.`,
      )
    }
    context.authorize('events:ListTargetsByRule', rule.arn)
    return { Targets: rule.targets.map(describe) }
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
