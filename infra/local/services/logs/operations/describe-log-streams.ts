import type { DescribeLogStreamsRequest, DescribeLogStreamsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { logGroupArn } from '../arn.ts'
import { pageOf } from '../page.ts'
import { dropExpired, groupNamed, type LogGroup, type LogsState, nameOfIdentifier } from '../state.ts'

const KNOWN = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamNamePrefix',
  'orderBy',
  'descending',
  'limit',
  'nextToken',
]
const DEFAULT_LIMIT = 50

export const describeLogStreams =
  (cloud: LocalCloud, state: LogsState) =>
  (input: DescribeLogStreamsRequest, context: OperationContext): DescribeLogStreamsResponse => {
    refuseUnknown('logs DescribeLogStreams', input, KNOWN)
    const name = input.logGroupName ?? nameOfIdentifier(input.logGroupIdentifier)
    context.authorize('logs:DescribeLogStreams', `${logGroupArn(cloud, name ?? '')}:*`)
    const group = groupNamed(state, name)
    const byTime = input.orderBy === 'LastEventTime'
    if (byTime && input.logStreamNamePrefix) {
      throw new ServiceError(
        'InvalidParameterException',
        'Cannot order by LastEventTime with a logStreamNamePrefix.',
      )
    }
    dropExpired(group, cloud.clock.now())
    const streams = [...group.streams.keys()]
      .filter(stream => stream.startsWith(input.logStreamNamePrefix ?? ''))
      .map(stream => describe(cloud, group, stream))
      .sort((a, b) =>
        byTime
          ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0)
          : a.logStreamName < b.logStreamName
            ? -1
            : 1,
      )
    if (input.descending) streams.reverse()
    const page = pageOf(streams, input.nextToken, input.limit ?? DEFAULT_LIMIT)
    return { logStreams: page.items, ...(page.nextToken ? { nextToken: page.nextToken } : {}) }
  }

function describe(cloud: LocalCloud, group: LogGroup, logStreamName: string) {
  const events = group.events.filter(event => event.stream === logStreamName)
  const [first, last] = [events[0], events.at(-1)]
  return {
    logStreamName,
    creationTime: group.streams.get(logStreamName) ?? group.createdAt,
    ...(first ? { firstEventTimestamp: first.timestamp } : {}),
    ...(last ? { lastEventTimestamp: last.timestamp, lastIngestionTime: last.ingestedAt } : {}),
    arn: `${logGroupArn(cloud, group.name)}:log-stream:${logStreamName}`,
    storedBytes: 0,
  }
}
