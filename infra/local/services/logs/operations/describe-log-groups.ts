import type { DescribeLogGroupsRequest, DescribeLogGroupsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import type { LocalCloud } from '../../../contract.ts'
import { choice, integer, list, text } from '../../../input/members.ts'
import { logGroupArn } from '../arn.ts'
import { invalidParameter, type LogsOperation } from '../logs.ts'
import { groupIdentifier, groupName, nameOfGroup, nextToken } from '../members.ts'
import { paginate } from '../paginate.ts'
import { dropExpired, type LogGroup } from '../state.ts'

const MAX_LIMIT = 50

const input = z.strictObject({
  logGroupNamePrefix: z.optional(groupName),
  logGroupNamePattern: z.optional(text({ max: 512, pattern: String.raw`[.\-_/#A-Za-z0-9]*` })),
  logGroupIdentifiers: z.optional(list(groupIdentifier, { min: 1, max: 50 })),
  logGroupClass: z.optional(choice('STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY')),
  limit: z.optional(integer(1, MAX_LIMIT)),
  nextToken: z.optional(nextToken),
}) satisfies z.ZodType<DescribeLogGroupsRequest>

export const describeLogGroups: LogsOperation<typeof input, DescribeLogGroupsResponse> = {
  input,
  run({ cloud, state }, query, context) {
    context.authorize('logs:DescribeLogGroups', logGroupArn(cloud, '*'))
    const { logGroupNamePrefix: prefix = '', logGroupNamePattern, limit = MAX_LIMIT } = query
    if (query.logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) {
      throw invalidParameter(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      )
    }
    const names = query.logGroupIdentifiers?.map(logGroupIdentifier => nameOfGroup({ logGroupIdentifier }))
    const pattern = logGroupNamePattern?.toLowerCase() ?? ''
    const found = [...state.groups.values()]
      .filter(() => (query.logGroupClass ?? 'STANDARD') === 'STANDARD')
      .filter(({ name }) => name.startsWith(prefix) && (names?.includes(name) ?? true))
      .filter(({ name }) => name.toLowerCase().includes(pattern))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const { items, ...more } = paginate(found, group => group.name, { limit, nextToken: query.nextToken })
    return { logGroups: items.map(group => describe(cloud, group)), ...more }
  },
}

function describe(cloud: LocalCloud, group: LogGroup) {
  dropExpired(group, cloud.clock.now())
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${logGroupArn(cloud, group.name)}:*`,
    storedBytes: group.storedBytes,
    logGroupClass: 'STANDARD' as const,
    logGroupArn: logGroupArn(cloud, group.name),
  }
}
