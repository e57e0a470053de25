import type { FilterLogEventsRequest, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import { integer, list } from '../../../input/members.ts'
import { logGroupArn } from '../arn.ts'
import { compileFilterPattern } from '../filter-pattern/compile.ts'
import { invalidParameter, type LogsOperation } from '../logs.ts'
import { filterPattern, GROUP, nameOfGroup, nextToken, streamName, time } from '../members.ts'
import { paginate } from '../paginate.ts'
import { dropExpired, groupNamed, type StoredEvent } from '../state.ts'

const MAX_LIMIT = 10_000

const input = z.strictObject({
  ...GROUP,
  logStreamNames: z.optional(list(streamName, { min: 1, max: 100 })),
  logStreamNamePrefix: z.optional(streamName),
  startTime: z.optional(time),
  endTime: z.optional(time),
  filterPattern: z.optional(filterPattern),
  limit: z.optional(integer(1, MAX_LIMIT)),
  nextToken: z.optional(nextToken),
  interleaved: z.optional(z.boolean()),
}) satisfies z.ZodType<FilterLogEventsRequest>

/** Oldest first; `startTime` and `endTime` (milliseconds) are both inclusive. Streams are always interleaved. */
export const filterLogEvents: LogsOperation<typeof input, FilterLogEventsResponse> = {
  input,
  run({ cloud, state }, query, context) {
    const name = nameOfGroup(query)
    context.authorize('logs:FilterLogEvents', `${logGroupArn(cloud, name)}:*`)
    const group = groupNamed(state, name)
    if (query.logStreamNames && query.logStreamNamePrefix !== undefined) {
      throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.')
    }
    dropExpired(group, cloud.clock.now())
    const matches = compileFilterPattern(query.filterPattern ?? '')
    const wanted = group.events
      .filter(event => isWanted(event, query) && matches(event.message))
      .sort((a, b) => a.timestamp - b.timestamp)
    const { limit = MAX_LIMIT } = query
    const { items, ...more } = paginate(wanted, event => event.id, { limit, nextToken: query.nextToken })
    return {
      ...more,
      events: items.map(event => ({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: event.id,
      })),
      searchedLogStreams: [],
    }
  },
}

function isWanted({ timestamp, stream }: StoredEvent, query: z.infer<typeof input>): boolean {
  const {
    startTime = 0,
    endTime = Number.POSITIVE_INFINITY,
    logStreamNames,
    logStreamNamePrefix = '',
  } = query
  return (
    timestamp >= startTime &&
    timestamp <= endTime &&
    (logStreamNames?.includes(stream) ?? true) &&
    stream.startsWith(logStreamNamePrefix)
  )
}
