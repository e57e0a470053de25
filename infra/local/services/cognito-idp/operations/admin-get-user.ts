import type { AdminGetUserRequest, AdminGetUserResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeUser } from '../describe.ts'
import { poolId, username } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
}) satisfies z.ZodType<AdminGetUserRequest>

export const adminGetUser: CognitoOperation<typeof INPUT, AdminGetUserResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { user } = adminUser(cognito, context, 'AdminGetUser', input)
    const { Attributes, ...described } = describeUser(user)
    return { ...described, Username: user.username, UserAttributes: Attributes }
  },
}
