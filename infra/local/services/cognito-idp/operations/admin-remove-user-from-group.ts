import type { AdminRemoveUserFromGroupRequest } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { groupNamed } from '../groups.ts'
import { groupName, poolId, username } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  GroupName: groupName,
}) satisfies z.ZodType<AdminRemoveUserFromGroupRequest>

export const adminRemoveUserFromGroup: CognitoOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminRemoveUserFromGroup', input)
    user.groups.delete(groupNamed(pool, input.GroupName).name)
    touched(cognito, user)
    return {}
  },
}
