import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { integer } from '../../../input/members.ts'
import { logGroupArn } from '../arn.ts'
import { invalidParameter, type LogsOperation } from '../logs.ts'
import { GROUP, nameOfGroup, nextToken, streamName, time } from '../members.ts'
import { dropExpired, groupNamed, type StoredEvent } from '../state.ts'

const MAX_LIMIT = 10_000

const input = z.strictObject({
  ...GROUP,
  logStreamName: streamName,
  startTime: z.optional(time),
  endTime: z.optional(time),
  limit: z.optional(integer(1, MAX_LIMIT)),
  nextToken: z.optional(nextToken),
  startFromHead: z.optional(z.boolean()),
}) satisfies z.ZodType<GetLogEventsRequest>

/** One stream, oldest first; `endTime` is exclusive. Without `startFromHead` the newest events are returned. */
export const getLogEvents: LogsOperation<typeof input, GetLogEventsResponse> = {
  input,
  run({ cloud, state }, query, context) {
    const name = nameOfGroup(query)
    context.authorize('logs:GetLogEvents', `${logGroupArn(cloud, name)}:log-stream:${query.logStreamName}`)
    const group = groupNamed(state, name)
    if (!group.streams.has(query.logStreamName)) {
      throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')
    }
    dropExpired(group, cloud.clock.now())
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = query
    const events = group.events
      .filter(event => event.stream === query.logStreamName)
      .filter(event => event.timestamp >= startTime && event.timestamp < endTime)
      .sort((a, b) => a.timestamp - b.timestamp)
    const { from, to } = window(query, events)
    return {
      events: events.slice(from, to).map(event => ({
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestedAt,
      })),
      nextForwardToken: `f/${boundary(events, to)}/s`,
      nextBackwardToken: `b/${boundary(events, from)}/s`,
    }
  },
}

const START = '0'.repeat(56)

/** Tokens name the event that stands before an edge, so that they hold when older events are dropped. */
const boundary = (events: readonly StoredEvent[], edge: number): string => events[edge - 1]?.id ?? START

/** `f/…` reads on from an edge, `b/…` reads up to it. At the end of a stream tokens repeat. */
function window(
  { limit = MAX_LIMIT, nextToken: token, startFromHead = false }: z.infer<typeof input>,
  events: readonly StoredEvent[],
): { from: number; to: number } {
  const [, direction, last] = /^([fb])\/(\d{56})\/s$/.exec(token ?? '') ?? []
  if (token !== undefined && last === undefined) throw invalidParameter('The specified nextToken is invalid.')
  const forward = direction === undefined ? startFromHead : direction === 'f'
  const edge =
    last === undefined ? (startFromHead ? 0 : events.length) : events.filter(event => event.id <= last).length
  return forward
    ? { from: edge, to: Math.min(edge + limit, events.length) }
    : { from: Math.max(0, edge - limit), to: edge }
}
