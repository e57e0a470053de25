import type { ConfirmSignUpRequest, ConfirmSignUpResponse } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { takeCode } from '../codes.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { codeMismatch, notAuthorized, userDisabled, userNotFound } from '../errors.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

const KNOWN = [
  'ClientId',
  'SecretHash',
  'Username',
  'ConfirmationCode',
  'ForceAliasCreation',
  'ClientMetadata',
]

/** Confirms a user with the mailed code; the e-mail address counts as verified from then on. */
export const confirmSignUp =
  (cognito: Cognito) =>
  (input: ConfirmSignUpRequest): ConfirmSignUpResponse => {
    refuseUnknown('cognito-idp ConfirmSignUp', input, KNOWN)
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username ?? '', input.SecretHash)
    const user = findUser(pool, input.Username)
    if (!user)
      throw client.masksUserExistence
        ? codeMismatch()
        : userNotFound('Username/client id combination not found.')
    if (!user.enabled) throw userDisabled()
    if (user.status !== 'UNCONFIRMED')
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
    const now = cognito.cloud.clock.now()
    takeCode(user, 'signUp', 'confirmSignUp', input.ConfirmationCode, now)
    user.status = 'CONFIRMED'
    user.attributes.email_verified = 'true'
    user.modifiedAt = now
    cognito.cloud.clock.wrote()
    return {}
  }
