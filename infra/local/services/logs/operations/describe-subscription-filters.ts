import type {
  DescribeSubscriptionFiltersRequest,
  DescribeSubscriptionFiltersResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { logGroupArn } from '../arn.ts'
import type { LogsOperation } from '../logs.ts'
import { groupName, nextToken, streamName } from '../members.ts'
import { paginate } from '../paginate.ts'
import { groupNamed } from '../state.ts'

const MAX_LIMIT = 50

const input = z.strictObject({
  logGroupName: groupName,
  filterNamePrefix: z.optional(streamName),
  limit: z.optional(integer(1, MAX_LIMIT)),
  nextToken: z.optional(nextToken),
}) satisfies z.ZodType<DescribeSubscriptionFiltersRequest>

export const describeSubscriptionFilters: LogsOperation<typeof input, DescribeSubscriptionFiltersResponse> = {
  input,
  run({ cloud, state }, { logGroupName, filterNamePrefix = '', limit = MAX_LIMIT, nextToken }, context) {
    context.authorize('logs:DescribeSubscriptionFilters', `${logGroupArn(cloud, logGroupName)}:*`)
    const group = groupNamed(state, logGroupName)
    const found = state.filters
      .filter(filter => filter.logGroup === group.name && filter.name.startsWith(filterNamePrefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const { items, ...more } = paginate(found, filter => filter.name, { limit, nextToken })
    return {
      ...more,
      subscriptionFilters: items.map(filter => ({
        filterName: filter.name,
        logGroupName: filter.logGroup,
        filterPattern: filter.pattern,
        destinationArn: filter.destinationArn,
        distribution: 'ByLogStream' as const,
        applyOnTransformedLogs: false,
        creationTime: filter.createdAt,
      })),
    }
  },
}
