import type {
  ResendConfirmationCodeRequest,
  ResendConfirmationCodeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { checkAttempts, countAttempt } from '../attempts.ts'
import { deliveryDetails, sendCode } from '../codes.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { invalidParameter, userNotFound } from '../errors.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

/** Replaces the sign-up code. A client that masks users answers for unknown ones as if a code had been sent. */
export const resendConfirmationCode =
  (cognito: Cognito) =>
  (input: ResendConfirmationCodeRequest): ResendConfirmationCodeResponse => {
    refuseUnknown('cognito-idp ResendConfirmationCode', input, [
      'ClientId',
      'SecretHash',
      'Username',
      'ClientMetadata',
    ])
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username ?? '', input.SecretHash)
    const user = findUser(pool, input.Username)
    if (!user?.enabled || !user.attributes.email) {
      if (!client.masksUserExistence) throw userNotFound('Username/client id combination not found.')
      return { CodeDeliveryDetails: deliveryDetails(input.Username ?? '') }
    }
    if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.')
    const now = cognito.cloud.clock.now()
    checkAttempts(user, 'resendCode', now)
    countAttempt(user, 'resendCode', now)
    return { CodeDeliveryDetails: sendCode(cognito, pool, user, 'signUp', user.attributes.email) }
  }
