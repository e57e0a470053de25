import type { DeleteUserRequest } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'
import { revokeSessionsOf } from '../sessions.ts'
import { signedIn } from '../signed-in.ts'

/** Deletes the signed-in user. */
export const deleteUser =
  (cognito: Cognito) =>
  (input: DeleteUserRequest): Record<string, never> => {
    refuseUnknown('cognito-idp DeleteUser', input, ['AccessToken'])
    const { pool, user } = signedIn(cognito, input.AccessToken)
    revokeSessionsOf(pool, user)
    pool.users.delete(user.username)
    cognito.cloud.clock.wrote()
    return {}
  }
