import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import type { Period } from '#kernel/time'
import type { LogLine } from './deliver-lines.ts'

export type LogPage = { readonly logStream: string; readonly lines: readonly LogLine[] }

/** The lines of a log group that fit a filter pattern and were logged in a period, page by page, oldest first. */
export type ReadLog = (logGroup: string, filterPattern: string, period: Period) => AsyncIterable<LogPage>

/**
 * `FilterLogEvents`: up to 1 MB or 10,000 lines a page, so memory is bounded; five requests a second are granted to an
 * account, and the client waits when told so
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html).
 */
export const createReadLog = (
  client: CloudWatchLogsClient = new CloudWatchLogsClient({ maxAttempts: 10, retryMode: 'adaptive' }),
): ReadLog =>
  async function* readLog(logGroupName, filterPattern, { start, end }) {
    const range = { startTime: start, endTime: end - 1 }
    for await (const { events = [] } of paginateFilterLogEvents(
      { client },
      { logGroupName, filterPattern, ...range },
    ))
      for (const [logStream, ofStream] of Map.groupBy(events, event => event.logStreamName ?? ''))
        yield {
          logStream,
          lines: ofStream.map(({ eventId = '', timestamp = start, message = '' }) => ({
            ...{ id: eventId, timestamp, message },
          })),
        }
  }
