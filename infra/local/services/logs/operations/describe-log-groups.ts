import type { DescribeLogGroupsRequest, DescribeLogGroupsResponse } from '@aws-sdk/client-cloudwatch-logs'
import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { logGroupArn } from '../arn.ts'
import { pageOf } from '../page.ts'
import { dropExpired, type LogGroup, type LogsState } from '../state.ts'

const DEFAULT_LIMIT = 50

export const describeLogGroups =
  (cloud: LocalCloud, state: LogsState) =>
  (input: DescribeLogGroupsRequest, context: OperationContext): DescribeLogGroupsResponse => {
    refuseUnknown('logs DescribeLogGroups', input, [
      'logGroupNamePrefix',
      'logGroupNamePattern',
      'limit',
      'nextToken',
    ])
    context.authorize('logs:DescribeLogGroups', logGroupArn(cloud, '*'))
    const pattern = input.logGroupNamePattern?.toLowerCase()
    const found = [...state.groups.values()]
      .filter(group => group.name.startsWith(input.logGroupNamePrefix ?? ''))
      .filter(group => !pattern || group.name.toLowerCase().includes(pattern))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const page = pageOf(found, input.nextToken, input.limit ?? DEFAULT_LIMIT)
    return {
      logGroups: page.items.map(group => describe(cloud, group)),
      ...(page.nextToken ? { nextToken: page.nextToken } : {}),
    }
  }

function describe(cloud: LocalCloud, group: LogGroup) {
  dropExpired(group, cloud.clock.now())
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${logGroupArn(cloud, group.name)}:*`,
    storedBytes: group.storedBytes,
    logGroupClass: 'STANDARD' as const,
    logGroupArn: logGroupArn(cloud, group.name),
  }
}
