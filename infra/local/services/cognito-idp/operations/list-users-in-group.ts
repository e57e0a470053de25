import type {
  ListUsersInGroupRequest,
  ListUsersInGroupResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeUser } from '../describe.ts'
import { groupNamed } from '../groups.ts'
import { groupName, limit, nextToken, poolId } from '../members.ts'
import { pageOf } from '../page.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  GroupName: groupName,
  Limit: limit,
  NextToken: nextToken,
}) satisfies z.ZodType<ListUsersInGroupRequest>

export const listUsersInGroup: CognitoOperation<typeof INPUT, ListUsersInGroupResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'ListUsersInGroup', input.UserPoolId)
    const { name } = groupNamed(pool, input.GroupName)
    const members = [...pool.users.values()].filter(user => user.groups.has(name))
    const page = pageOf(members, input.NextToken, input.Limit)
    return { Users: page.items.map(describeUser), ...(page.next ? { NextToken: page.next } : {}) }
  },
}
