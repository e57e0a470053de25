import { gzipSync } from 'node:zlib'
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs'
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { Period } from '#kernel/time'

export type Replay = {
  readonly logs: CloudWatchLogsClient
  readonly lambda: LambdaClient
  /** Name of the function that takes log deliveries into the ledger. */
  readonly recordUsageFunction: string
  /** Log groups with the filter patterns of their subscriptions. */
  readonly sources: readonly { readonly logGroup: string; readonly filterPattern: string }[]
  /** By the time at which a line was logged, seconds after its call at most. */
  readonly period: Period
}
export type Replayed = { readonly lines: number; readonly deliveries: number }

/**
 * Feeds the log lines of a period through `record-usage` once more, as the subscriptions would have delivered them. The
 * ledger keeps each request once, so replaying what is there changes nothing. Throws when a delivery was not taken;
 * repeating the whole replay is harmless.
 */
export async function replayUsage(replay: Replay): Promise<Replayed> {
  let [lines, deliveries] = [0, 0]
  for (const source of replay.sources) {
    const pages = paginateFilterLogEvents(
      { client: replay.logs },
      {
        logGroupName: source.logGroup,
        filterPattern: source.filterPattern,
        startTime: replay.period.start,
        endTime: replay.period.end - 1,
      },
    )
    for await (const { events = [] } of pages) {
      for (const [logStream, ofStream] of Map.groupBy(events, event => event.logStreamName ?? '')) {
        await deliver(replay, source, logStream, ofStream)
        lines += ofStream.length
        deliveries += 1
      }
    }
  }
  return { lines, deliveries }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
async function deliver(
  { lambda, recordUsageFunction }: Replay,
  { logGroup }: Replay['sources'][number],
  logStream: string,
  events: readonly FilteredLogEvent[],
): Promise<void> {
  const delivery = {
    messageType: 'DATA_MESSAGE',
    owner: 'replay',
    logGroup,
    logStream,
    subscriptionFilters: ['replay'],
    logEvents: events.map(({ eventId, timestamp, message }) => ({ id: eventId, timestamp, message })),
  }
  const data = gzipSync(JSON.stringify(delivery)).toString('base64')
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: recordUsageFunction, Payload: JSON.stringify({ awslogs: { data } }) }),
  )
  if (answer.FunctionError === undefined) return
  const why = Buffer.from(answer.Payload ?? []).toString('utf8')
  throw new Error(`${recordUsageFunction} did not take ${events.length} lines of ${logGroup}: ${why}`)
}
