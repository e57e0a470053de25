import type { GetGroupRequest, GetGroupResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeGroup } from '../describe.ts'
import { groupNamed } from '../groups.ts'
import { groupName, poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  GroupName: groupName,
}) satisfies z.ZodType<GetGroupRequest>

export const getGroup: CognitoOperation<typeof INPUT, GetGroupResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'GetGroup', input.UserPoolId)
    return { Group: describeGroup(pool, groupNamed(pool, input.GroupName)) }
  },
}
