import type { ForgotPasswordRequest, ForgotPasswordResponse } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { checkAttempts, countAttempt } from '../attempts.ts'
import { deliveryDetails, sendCode } from '../codes.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { invalidParameter, notAuthorized, userNotFound } from '../errors.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

/** Mails a code to a verified address. A client that masks users answers the same for everybody else. */
export const forgotPassword =
  (cognito: Cognito) =>
  (input: ForgotPasswordRequest): ForgotPasswordResponse => {
    refuseUnknown('cognito-idp ForgotPassword', input, [
      'ClientId',
      'SecretHash',
      'Username',
      'ClientMetadata',
    ])
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username ?? '', input.SecretHash)
    const user = findUser(pool, input.Username)
    const reachable =
      user?.enabled === true &&
      user.attributes.email !== undefined &&
      user.attributes.email_verified === 'true'
    if (!reachable && client.masksUserExistence)
      return { CodeDeliveryDetails: deliveryDetails(input.Username ?? '') }
    if (!user) throw userNotFound('Username/client id combination not found.')
    if (!user.enabled) throw notAuthorized('User is disabled.')
    if (!reachable) {
      throw invalidParameter(
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
      )
    }
    const now = cognito.cloud.clock.now()
    checkAttempts(user, 'forgotPassword', now)
    countAttempt(user, 'forgotPassword', now)
    return {
      CodeDeliveryDetails: sendCode(cognito, pool, user, 'forgotPassword', user.attributes.email ?? ''),
    }
  }
