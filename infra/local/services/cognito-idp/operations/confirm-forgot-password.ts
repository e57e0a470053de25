import type {
  ConfirmForgotPasswordRequest,
  ConfirmForgotPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { takeCode } from '../codes.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { codeMismatch, noSuchUserOfClient, userDisabled } from '../errors.ts'
import { clientMetadata, code, password, spokenFor } from '../members.ts'
import { checkPolicy, setPassword } from '../password.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

const INPUT = z.strictObject({
  ...spokenFor,
  ConfirmationCode: code,
  Password: password,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<ConfirmForgotPasswordRequest>

/** Sets a new password with the mailed code; a bad password leaves the code usable. */
export const confirmForgotPassword: CognitoOperation<typeof INPUT, ConfirmForgotPasswordResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username, input.SecretHash)
    checkPolicy(pool.passwordPolicy, input.Password)
    const user = findUser(pool, input.Username)
    if (!user?.enabled) {
      if (client.masksUserExistence) throw codeMismatch()
      throw user ? userDisabled() : noSuchUserOfClient()
    }
    const now = cognito.cloud.clock.now()
    takeCode(user, 'forgotPassword', 'confirmForgotPassword', input.ConfirmationCode, now)
    setPassword(user, input.Password, now)
    cognito.cloud.clock.wrote()
    return {}
  },
}
