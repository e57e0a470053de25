import type { LocalCloud, LogLine, Service } from '../../contract.ts'
import { append } from './append.ts'
import { describeLogGroups } from './operations/describe-log-groups.ts'
import { describeLogStreams } from './operations/describe-log-streams.ts'
import { filterLogEvents } from './operations/filter-log-events.ts'
import { getLogEvents } from './operations/get-log-events.ts'
import { logGroup } from './resources/log-group.ts'
import { subscriptionFilter } from './resources/subscription-filter.ts'
import { createLogsState } from './state.ts'
import { createSubscriptions } from './subscriptions.ts'

export type LogsService = Service & {
  /** The door behind `cloud.putLogs`. */
  append(logGroup: string, logStream: string, lines: readonly LogLine[]): void
}

/** CloudWatch Logs: groups in memory, reading and filtering, subscriptions to Lambda. */
export function createLogsService(cloud: LocalCloud): LogsService {
  const state = createLogsState()
  const subscriptions = createSubscriptions(cloud)
  return {
    name: 'logs',
    signingName: 'logs',
    protocol: 'json',
    targetPrefix: 'Logs_20140328',
    jsonVersion: '1.1',
    operations: {
      DescribeLogGroups: describeLogGroups(cloud, state),
      DescribeLogStreams: describeLogStreams(cloud, state),
      FilterLogEvents: filterLogEvents(cloud, state),
      GetLogEvents: getLogEvents(cloud, state),
    },
    resources: {
      'AWS::Logs::LogGroup': logGroup(cloud, state),
      'AWS::Logs::SubscriptionFilter': subscriptionFilter(cloud, state, subscriptions),
    },
    append: (group, stream, lines) =>
      append(cloud, state, subscriptions, { logGroup: group, logStream: stream }, lines),
    stop: async () => subscriptions.stop(),
  }
}
