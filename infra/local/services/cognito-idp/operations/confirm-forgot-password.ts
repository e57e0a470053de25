import type {
  ConfirmForgotPasswordRequest,
  ConfirmForgotPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { takeCode } from '../codes.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { codeMismatch, userDisabled, userNotFound } from '../errors.ts'
import { checkPolicy, hashPassword } from '../password.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

const KNOWN = ['ClientId', 'SecretHash', 'Username', 'ConfirmationCode', 'Password', 'ClientMetadata']

/** Sets a new password with the mailed code; a bad password leaves the code usable. */
export const confirmForgotPassword =
  (cognito: Cognito) =>
  (input: ConfirmForgotPasswordRequest): ConfirmForgotPasswordResponse => {
    refuseUnknown('cognito-idp ConfirmForgotPassword', input, KNOWN)
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username ?? '', input.SecretHash)
    checkPolicy(pool.passwordPolicy, input.Password)
    const user = findUser(pool, input.Username)
    if (!user?.enabled) {
      if (client.masksUserExistence) throw codeMismatch()
      throw user ? userDisabled() : userNotFound('Username/client id combination not found.')
    }
    const now = cognito.cloud.clock.now()
    takeCode(user, 'forgotPassword', 'confirmForgotPassword', input.ConfirmationCode, now)
    user.password = hashPassword(input.Password)
    user.status = 'CONFIRMED'
    user.failedPasswords = 0
    user.lockedUntil = 0
    user.modifiedAt = now
    cognito.cloud.clock.wrote()
    return {}
  }
