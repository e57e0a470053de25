import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream,
} from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import { choice, integer } from '../../../input/members.ts'
import { logGroupArn } from '../arn.ts'
import { invalidParameter, type LogsOperation } from '../logs.ts'
import { GROUP, nameOfGroup, nextToken, streamName } from '../members.ts'
import { dropExpired, groupNamed, type LogGroup } from '../state.ts'

const MAX_LIMIT = 50

const input = z.strictObject({
  ...GROUP,
  logStreamNamePrefix: z.optional(streamName),
  orderBy: z.optional(choice('LogStreamName', 'LastEventTime')),
  descending: z.optional(z.boolean()),
  limit: z.optional(integer(1, MAX_LIMIT)),
  nextToken: z.optional(nextToken),
}) satisfies z.ZodType<DescribeLogStreamsRequest>

export const describeLogStreams: LogsOperation<typeof input, DescribeLogStreamsResponse> = {
  input,
  run({ cloud, state }, query, context) {
    const name = nameOfGroup(query)
    context.authorize('logs:DescribeLogStreams', `${logGroupArn(cloud, name)}:*`)
    const group = groupNamed(state, name)
    const byTime = query.orderBy === 'LastEventTime'
    if (byTime && query.logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.')
    }
    dropExpired(group, cloud.clock.now())
    const streams = streamsOf(group, `${logGroupArn(cloud, name)}:log-stream:`)
      .filter(stream => stream.logStreamName.startsWith(query.logStreamNamePrefix ?? ''))
      .sort((a, b) => (a.logStreamName < b.logStreamName ? -1 : 1))
    if (byTime) streams.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0))
    if (query.descending) streams.reverse()
    const from = offsetOf(streams, query.nextToken)
    const to = from + (query.limit ?? MAX_LIMIT)
    const last = streams[to - 1]
    return {
      logStreams: streams.slice(from, to),
      ...(to < streams.length && last ? { nextToken: `${last.logStreamName}@after` } : {}),
    }
  },
}

type Described = LogStream & { logStreamName: string }

/** All streams with their times, in one pass over the events. */
function streamsOf(group: LogGroup, arnPrefix: string): Described[] {
  const streams = new Map<string, Described>()
  for (const [logStreamName, creationTime] of group.streams) {
    const arn = `${arnPrefix}${logStreamName}`
    streams.set(logStreamName, { logStreamName, creationTime, arn, storedBytes: 0 })
  }
  for (const event of group.events) {
    const stream = streams.get(event.stream)
    if (!stream) continue
    stream.firstEventTimestamp = Math.min(stream.firstEventTimestamp ?? event.timestamp, event.timestamp)
    stream.lastEventTimestamp = Math.max(stream.lastEventTimestamp ?? event.timestamp, event.timestamp)
    stream.lastIngestionTime = event.ingestedAt
    stream.uploadSequenceToken = event.id
  }
  return [...streams.values()]
}

/** The order may be by time, so the token names the stream after which the page begins. */
function offsetOf(streams: readonly Described[], token: string | undefined): number {
  if (token === undefined) return 0
  const position = streams.findIndex(stream => `${stream.logStreamName}@after` === token)
  if (position < 0) throw invalidParameter('The specified nextToken is invalid.')
  return position + 1
}
