import type {
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeGroup } from '../describe.ts'
import { limit, nextToken, poolId, username } from '../members.ts'
import { pageOf } from '../page.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  Limit: limit,
  NextToken: nextToken,
}) satisfies z.ZodType<AdminListGroupsForUserRequest>

export const adminListGroupsForUser: CognitoOperation<typeof INPUT, AdminListGroupsForUserResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminListGroupsForUser', input)
    const groups = [...pool.groups.values()].filter(group => user.groups.has(group.name))
    const page = pageOf(groups, input.NextToken, input.Limit)
    return {
      Groups: page.items.map(group => describeGroup(pool, group)),
      ...(page.next ? { NextToken: page.next } : {}),
    }
  },
}
