import type { CreateGroupRequest, CreateGroupResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { integer, text } from '../../../input/members.ts'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { addGroup } from '../create.ts'
import { describeGroup } from '../describe.ts'
import { groupName, poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  GroupName: groupName,
  Description: z.optional(text({ max: 2_048 })),
  RoleArn: z.optional(text({ min: 20, max: 2_048 })),
  Precedence: z.optional(integer(0, 2 ** 31 - 1)),
}) satisfies z.ZodType<CreateGroupRequest>

export const createGroup: CognitoOperation<typeof INPUT, CreateGroupResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'CreateGroup', input.UserPoolId)
    if (pool.groups.has(input.GroupName))
      throw new ServiceError('GroupExistsException', 'A group with the name already exists.')
    const group = addGroup(cognito, pool, {
      name: input.GroupName,
      description: input.Description,
      precedence: input.Precedence,
      roleArn: input.RoleArn,
      fromTemplate: false,
    })
    cognito.cloud.clock.wrote()
    return { Group: describeGroup(pool, group) }
  },
}
