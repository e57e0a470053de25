import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { logGroupArn } from '../arn.ts'
import { dropExpired, groupNamed, type LogsState, nameOfIdentifier } from '../state.ts'

const KNOWN = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamName',
  'startTime',
  'endTime',
  'nextToken',
  'limit',
  'startFromHead',
]
const DEFAULT_LIMIT = 10_000

/** One stream, oldest first; `endTime` is exclusive. Without `startFromHead` the newest events are returned. */
export const getLogEvents =
  (cloud: LocalCloud, state: LogsState) =>
  (input: GetLogEventsRequest, context: OperationContext): GetLogEventsResponse => {
    refuseUnknown('logs GetLogEvents', input, KNOWN)
    const name = input.logGroupName ?? nameOfIdentifier(input.logGroupIdentifier)
    context.authorize(
      'logs:GetLogEvents',
      `${logGroupArn(cloud, name ?? '')}:log-stream:${input.logStreamName}`,
    )
    const group = groupNamed(state, name)
    if (!group.streams.has(input.logStreamName ?? '')) {
      throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')
    }
    dropExpired(group, cloud.clock.now())
    const events = group.events
      .filter(event => event.stream === input.logStreamName)
      .filter(
        event =>
          event.timestamp >= (input.startTime ?? 0) &&
          event.timestamp < (input.endTime ?? Number.POSITIVE_INFINITY),
      )
      .sort((a, b) => a.timestamp - b.timestamp)
    const { from, to } = window(input, events.length)
    return {
      events: events.slice(from, to).map(event => ({
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestedAt,
      })),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    }
  }

/** Tokens name an edge: `f/n` reads on from n, `b/n` reads up to n. At the end of a stream they repeat. */
function window(input: GetLogEventsRequest, count: number): { from: number; to: number } {
  const limit = input.limit ?? DEFAULT_LIMIT
  const token = /^([fb])\/(\d+)$/.exec(input.nextToken ?? '')
  if (input.nextToken && !token)
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  const edge = Math.min(Number(token?.[2] ?? (input.startFromHead ? 0 : count)), count)
  const forward = token ? token[1] === 'f' : input.startFromHead === true
  return forward
    ? { from: edge, to: Math.min(edge + limit, count) }
    : { from: Math.max(0, edge - limit), to: edge }
}
