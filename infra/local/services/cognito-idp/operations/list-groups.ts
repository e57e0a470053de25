import type { ListGroupsRequest, ListGroupsResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeGroup } from '../describe.ts'
import { limit, nextToken, poolId } from '../members.ts'
import { pageOf } from '../page.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Limit: limit,
  NextToken: nextToken,
}) satisfies z.ZodType<ListGroupsRequest>

export const listGroups: CognitoOperation<typeof INPUT, ListGroupsResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'ListGroups', input.UserPoolId)
    const page = pageOf([...pool.groups.values()], input.NextToken, input.Limit)
    return {
      Groups: page.items.map(group => describeGroup(pool, group)),
      ...(page.next ? { NextToken: page.next } : {}),
    }
  },
}
