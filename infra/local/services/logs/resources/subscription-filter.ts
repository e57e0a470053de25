import { type LocalCloud, type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { logGroupArn } from '../arn.ts'
import { groupNamed, type LogsState } from '../state.ts'
import type { Subscriptions } from '../subscriptions.ts'

const MAX_FILTERS_PER_GROUP = 2

/** `AWS::Logs::SubscriptionFilter` with a Lambda destination that logs.amazonaws.com may invoke. */
export const subscriptionFilter =
  (cloud: LocalCloud, state: LogsState, subscriptions: Subscriptions): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['DestinationArn', 'FilterPattern', 'LogGroupName', 'FilterName'])
    const destinationArn: string = properties.DestinationArn
    if (!destinationArn.startsWith('arn:aws:lambda:'))
      throw new UnsupportedError(`${type} with destination ${destinationArn}`)
    const group = groupNamed(state, properties.LogGroupName)
    if (state.filters.filter(filter => filter.logGroup === group.name).length >= MAX_FILTERS_PER_GROUP) {
      throw new ServiceError('LimitExceededException', 'Resource limit exceeded.')
    }
    const sourceArn = `${logGroupArn(cloud, group.name)}:*`
    cloud.authorize(
      { kind: 'service', principal: 'logs.amazonaws.com', sourceArn },
      'lambda:InvokeFunction',
      destinationArn,
    )
    const filter = {
      name: properties.FilterName ?? generatedName(stackName, logicalId),
      logGroup: group.name,
      destinationArn,
      pattern: properties.FilterPattern ?? '',
    }
    subscriptions.add(filter)
    state.filters.push(filter)
    return { ref: filter.name }
  }
