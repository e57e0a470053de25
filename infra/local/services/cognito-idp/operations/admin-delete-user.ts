import type { AdminDeleteUserRequest } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { poolId, username } from '../members.ts'
import { removeUser } from '../users.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
}) satisfies z.ZodType<AdminDeleteUserRequest>

export const adminDeleteUser: CognitoOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminDeleteUser', input)
    removeUser(pool, user)
    cognito.cloud.clock.wrote()
    return {}
  },
}
