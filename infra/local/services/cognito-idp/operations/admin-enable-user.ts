import type {
  AdminEnableUserRequest,
  AdminEnableUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { poolId, username } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
}) satisfies z.ZodType<AdminEnableUserRequest>

export const adminEnableUser: CognitoOperation<typeof INPUT, AdminEnableUserResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { user } = adminUser(cognito, context, 'AdminEnableUser', input)
    user.enabled = true
    touched(cognito, user)
    return {}
  },
}
