import type {
  AdminSetUserPasswordRequest,
  AdminSetUserPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { password, poolId, username } from '../members.ts'
import { checkPolicy, hashPassword, setPassword, temporaryUntil } from '../password.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  Password: password,
  Permanent: z.optional(z.boolean()),
}) satisfies z.ZodType<AdminSetUserPasswordRequest>

/** Sets a password for good, or one that the user has to change at the next sign-in. */
export const adminSetUserPassword: CognitoOperation<typeof INPUT, AdminSetUserPasswordResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminSetUserPassword', input)
    checkPolicy(pool.passwordPolicy, input.Password)
    const now = cognito.cloud.clock.now()
    setPassword(user, input.Password, now)
    if (!input.Permanent) {
      user.password = hashPassword(input.Password, temporaryUntil(pool.passwordPolicy, now))
      user.status = 'FORCE_CHANGE_PASSWORD'
    }
    touched(cognito, user)
    return {}
  },
}
