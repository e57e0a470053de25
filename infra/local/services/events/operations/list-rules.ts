import type { ListRulesRequest, ListRulesResponse } from '@aws-sdk/client-eventbridge'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { busNameOf } from '../bus-arn.ts'
import type { EventsState } from '../state.ts'

export const listRules =
  (cloud: LocalCloud, state: EventsState) =>
  (input: ListRulesRequest, context: OperationContext): ListRulesResponse => {
    refuseUnknown('events ListRules', input, ['NamePrefix', 'EventBusName'])
    context.authorize('events:ListRules', `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/*`)
    const busName = busNameOf(input.EventBusName)
    if (!state.buses.has(busName))
      throw new ServiceError('ResourceNotFoundException', `Event bus ${busName} does not exist.`)
    const rules = state.rules.filter(
      rule => rule.busName === busName && rule.name.startsWith(input.NamePrefix ?? ''),
    )
    return {
      Rules: rules.map(rule => ({
        Name: rule.name,
        Arn: rule.arn,
        EventPattern: rule.patternText,
        State: rule.enabled ? 'ENABLED' : 'DISABLED',
        ...(rule.description ? { Description: rule.description } : {}),
        EventBusName: rule.busName,
      })),
    }
  }
