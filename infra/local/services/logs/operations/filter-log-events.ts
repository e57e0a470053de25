import type { FilterLogEventsRequest, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { logGroupArn } from '../arn.ts'
import { compileFilterPattern } from '../filter-pattern/compile.ts'
import { pageOf } from '../page.ts'
import { dropExpired, groupNamed, type LogsState, nameOfIdentifier, type StoredEvent } from '../state.ts'

const KNOWN = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamNames',
  'logStreamNamePrefix',
  'startTime',
  'endTime',
  'filterPattern',
  'nextToken',
  'limit',
  'interleaved',
]
const DEFAULT_LIMIT = 10_000

/** Oldest first; `startTime` and `endTime` (milliseconds) are both inclusive. */
export const filterLogEvents =
  (cloud: LocalCloud, state: LogsState) =>
  (input: FilterLogEventsRequest, context: OperationContext): FilterLogEventsResponse => {
    refuseUnknown('logs FilterLogEvents', input, KNOWN)
    const name = input.logGroupName ?? nameOfIdentifier(input.logGroupIdentifier)
    context.authorize('logs:FilterLogEvents', `${logGroupArn(cloud, name ?? '')}:*`)
    const group = groupNamed(state, name)
    dropExpired(group, cloud.clock.now())
    const matches = compileFilterPattern(input.filterPattern ?? '')
    const wanted = group.events
      .filter(event => within(event, input) && inStreams(event, input) && matches(event.message))
      .sort((a, b) => a.timestamp - b.timestamp)
    const page = pageOf(wanted, input.nextToken, input.limit ?? DEFAULT_LIMIT)
    return {
      events: page.items.map(event => ({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: event.id,
      })),
      searchedLogStreams: [],
      ...(page.nextToken ? { nextToken: page.nextToken } : {}),
    }
  }

const within = (event: StoredEvent, input: FilterLogEventsRequest): boolean =>
  event.timestamp >= (input.startTime ?? 0) && event.timestamp <= (input.endTime ?? Number.POSITIVE_INFINITY)

const inStreams = (event: StoredEvent, input: FilterLogEventsRequest): boolean =>
  (!input.logStreamNames?.length || input.logStreamNames.includes(event.stream)) &&
  event.stream.startsWith(input.logStreamNamePrefix ?? '')
