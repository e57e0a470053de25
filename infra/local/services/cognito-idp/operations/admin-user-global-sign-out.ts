import type {
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { poolId, username } from '../members.ts'
import { revokeSessionsOf } from '../sessions.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
}) satisfies z.ZodType<AdminUserGlobalSignOutRequest>

export const adminUserGlobalSignOut: CognitoOperation<typeof INPUT, AdminUserGlobalSignOutResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminUserGlobalSignOut', input)
    revokeSessionsOf(pool, user)
    touched(cognito, user)
    return {}
  },
}
