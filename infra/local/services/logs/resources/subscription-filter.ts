import { type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { logGroupArn } from '../arn.ts'
import type { Logs } from '../logs.ts'
import { groupNamed } from '../state.ts'
import type { Subscriptions } from '../subscriptions.ts'

const MAX_FILTERS_PER_GROUP = 2

/** `AWS::Logs::SubscriptionFilter` with a Lambda destination that logs.amazonaws.com may invoke. */
export const subscriptionFilter =
  ({ cloud, state }: Logs, subscriptions: Subscriptions): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['DestinationArn', 'FilterPattern', 'LogGroupName', 'FilterName'])
    const destinationArn: string = properties.DestinationArn
    if (!destinationArn.startsWith('arn:aws:lambda:')) {
      throw new UnsupportedError(`${type} with destination ${destinationArn}`)
    }
    const group = groupNamed(state, properties.LogGroupName)
    if (state.filters.filter(filter => filter.logGroup === group.name).length >= MAX_FILTERS_PER_GROUP) {
      throw new ServiceError('LimitExceededException', 'Resource limit exceeded.')
    }
    cloud.authorize(
      {
        kind: 'service',
        principal: 'logs.amazonaws.com',
        sourceArn: `${logGroupArn(cloud, group.name)}:*`,
      },
      'lambda:InvokeFunction',
      destinationArn,
    )
    const filter = {
      name: String(properties.FilterName ?? generatedName(stackName, logicalId)),
      logGroup: group.name,
      destinationArn,
      pattern: String(properties.FilterPattern ?? ''),
      createdAt: cloud.clock.now(),
      disabledUntil: undefined,
    }
    subscriptions.add(filter)
    state.filters.push(filter)
    return { ref: filter.name }
  }
