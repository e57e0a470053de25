import type {
  AdminDisableUserRequest,
  AdminDisableUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { poolId, username } from '../members.ts'
import { revokeSessionsOf } from '../sessions.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
}) satisfies z.ZodType<AdminDisableUserRequest>

export const adminDisableUser: CognitoOperation<typeof INPUT, AdminDisableUserResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminDisableUser', input)
    user.enabled = false
    revokeSessionsOf(pool, user)
    touched(cognito, user)
    return {}
  },
}
