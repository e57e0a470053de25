import type { ForgotPasswordRequest, ForgotPasswordResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { checkAttempts, countAttempt } from '../attempts.ts'
import { deliveryDetails, sendCode, verifiedEmail } from '../codes.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { noSuchUserOfClient, unreachable, userDisabled, wrongStateForReset } from '../errors.ts'
import { clientMetadata, spokenFor } from '../members.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

const INPUT = z.strictObject({
  ...spokenFor,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<ForgotPasswordRequest>

/** Mails a code to a verified address. A client that masks users answers the same for everybody else. */
export const forgotPassword: CognitoOperation<typeof INPUT, ForgotPasswordResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username, input.SecretHash)
    const user = findUser(pool, input.Username)
    const email = user?.enabled ? verifiedEmail(user) : undefined
    if (user?.status === 'FORCE_CHANGE_PASSWORD') throw wrongStateForReset()
    if (email === undefined && client.masksUserExistence)
      return { CodeDeliveryDetails: deliveryDetails(input.Username) }
    if (!user) throw noSuchUserOfClient()
    if (!user.enabled) throw userDisabled()
    if (email === undefined) throw unreachable()
    const now = cognito.cloud.clock.now()
    checkAttempts(user, 'forgotPassword', now)
    countAttempt(user, 'forgotPassword', now)
    return { CodeDeliveryDetails: sendCode(cognito, pool, user, 'forgotPassword', email) }
  },
}
