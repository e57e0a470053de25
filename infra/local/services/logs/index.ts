import type { LocalCloud, LogLine, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { append } from './append.ts'
import { DIALECT, type Logs } from './logs.ts'
import { deleteRetentionPolicy } from './operations/delete-retention-policy.ts'
import { describeLogGroups } from './operations/describe-log-groups.ts'
import { describeLogStreams } from './operations/describe-log-streams.ts'
import { describeSubscriptionFilters } from './operations/describe-subscription-filters.ts'
import { filterLogEvents } from './operations/filter-log-events.ts'
import { getLogEvents } from './operations/get-log-events.ts'
import { putRetentionPolicy } from './operations/put-retention-policy.ts'
import { type LinesQuery, type LoggedGroup, type LoggedLine, listGroups, readLines } from './read-lines.ts'
import { logGroup } from './resources/log-group.ts'
import { subscriptionFilter } from './resources/subscription-filter.ts'
import { type LogsSnapshot, restoreSnapshot, takeSnapshot } from './snapshot.ts'
import { createLogsState } from './state.ts'
import { createSubscriptions } from './subscriptions.ts'

export type { LinesQuery, LoggedGroup, LoggedLine } from './read-lines.ts'

export type LogsService = Service & {
  /** The door behind `cloud.putLogs`. */
  append(logGroup: string, logStream: string, lines: readonly LogLine[]): void
  /** Every group with how much it holds, for the console. */
  groups(): readonly LoggedGroup[]
  /** Lines by group, stream or request, in the order in which they were printed. */
  lines(query: LinesQuery): readonly LoggedLine[]
}

/** CloudWatch Logs: groups in memory, reading and filtering, subscriptions to Lambda. */
export function createLogsService(cloud: LocalCloud): LogsService {
  const logs: Logs = { cloud, state: createLogsState() }
  const subscriptions = createSubscriptions(logs)
  return {
    name: 'logs',
    signingName: 'logs',
    protocol: 'json',
    targetPrefix: 'Logs_20140328',
    jsonVersion: '1.1',
    operations: bindOperations(DIALECT, logs, {
      DeleteRetentionPolicy: deleteRetentionPolicy,
      DescribeLogGroups: describeLogGroups,
      DescribeLogStreams: describeLogStreams,
      DescribeSubscriptionFilters: describeSubscriptionFilters,
      FilterLogEvents: filterLogEvents,
      GetLogEvents: getLogEvents,
      PutRetentionPolicy: putRetentionPolicy,
    }),
    resources: {
      'AWS::Logs::LogGroup': logGroup(logs),
      'AWS::Logs::SubscriptionFilter': subscriptionFilter(logs, subscriptions),
    },
    append(group, stream, lines) {
      const events = append(logs, { logGroup: group, logStream: stream }, lines)
      subscriptions.feed(group, stream, events)
    },
    groups: () => listGroups(logs.state),
    lines: query => readLines(logs.state, query),
    snapshot: () => takeSnapshot(logs),
    restore: state => restoreSnapshot(logs, state as LogsSnapshot),
    stop: async () => subscriptions.stop(),
  }
}
