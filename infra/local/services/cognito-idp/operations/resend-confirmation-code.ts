import type {
  ResendConfirmationCodeRequest,
  ResendConfirmationCodeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { checkAttempts, countAttempt } from '../attempts.ts'
import { deliveryDetails, sendCode } from '../codes.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { invalidParameter, noSuchUserOfClient } from '../errors.ts'
import { clientMetadata, spokenFor } from '../members.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

const INPUT = z.strictObject({
  ...spokenFor,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<ResendConfirmationCodeRequest>

/** Replaces the sign-up code. A client that masks users answers for unknown ones as if a code had been sent. */
export const resendConfirmationCode: CognitoOperation<typeof INPUT, ResendConfirmationCodeResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username, input.SecretHash)
    const user = findUser(pool, input.Username)
    if (!user?.enabled || !user.attributes.email) {
      if (!client.masksUserExistence) throw noSuchUserOfClient()
      return { CodeDeliveryDetails: deliveryDetails(input.Username) }
    }
    if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.')
    const now = cognito.cloud.clock.now()
    checkAttempts(user, 'resendCode', now)
    countAttempt(user, 'resendCode', now)
    return { CodeDeliveryDetails: sendCode(cognito, pool, user, 'signUp', user.attributes.email) }
  },
}
