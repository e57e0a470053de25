import type { DeleteUserRequest } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import type { CognitoOperation } from '../cognito.ts'
import { token } from '../members.ts'
import { signedIn } from '../signed-in.ts'
import { removeUser } from '../users.ts'

const INPUT = z.strictObject({
  AccessToken: token,
}) satisfies z.ZodType<DeleteUserRequest>

/** Deletes the signed-in user. */
export const deleteUser: CognitoOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, user } = signedIn(cognito, input.AccessToken)
    removeUser(pool, user)
    cognito.cloud.clock.wrote()
    return {}
  },
}
