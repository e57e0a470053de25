import type { DeleteGroupRequest } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { groupNamed } from '../groups.ts'
import { groupName, poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  GroupName: groupName,
}) satisfies z.ZodType<DeleteGroupRequest>

export const deleteGroup: CognitoOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'DeleteGroup', input.UserPoolId)
    const { name } = groupNamed(pool, input.GroupName)
    pool.groups.delete(name)
    for (const user of pool.users.values()) user.groups.delete(name)
    cognito.cloud.clock.wrote()
    return {}
  },
}
