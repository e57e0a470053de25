import type { ConfirmSignUpRequest, ConfirmSignUpResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { choosesFactor, openChallenge, startChallenge } from '../challenges.ts'
import { takeCode } from '../codes.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { codeMismatch, noSuchUserOfClient, notAuthorized, userDisabled } from '../errors.ts'
import { clientMetadata, code, session, spokenFor } from '../members.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { findUser } from '../users.ts'

const INPUT = z.strictObject({
  ...spokenFor,
  ConfirmationCode: code,
  ForceAliasCreation: z.optional(z.boolean()),
  Session: z.optional(session),
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<ConfirmSignUpRequest>

/** Confirms a user with the mailed code; the e-mail address counts as verified from then on. */
export const confirmSignUp: CognitoOperation<typeof INPUT, ConfirmSignUpResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username, input.SecretHash)
    const user = findUser(pool, input.Username)
    if (!user) throw client.masksUserExistence ? codeMismatch() : noSuchUserOfClient()
    if (!user.enabled) throw userDisabled()
    if (user.status !== 'UNCONFIRMED')
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
    const now = cognito.cloud.clock.now()
    const signedUp =
      input.Session === undefined ? undefined : openChallenge(pool, client, 'SIGNED_UP', input.Session, now)
    if (signedUp && signedUp.username !== user.username) throw notAuthorized('Invalid session for the user.')
    takeCode(user, 'signUp', 'confirmSignUp', input.ConfirmationCode, now)
    user.status = 'CONFIRMED'
    user.attributes.email_verified = 'true'
    user.modifiedAt = now
    cognito.cloud.clock.wrote()
    if (!signedUp || !choosesFactor(client)) return {}
    signedUp.used = true
    return { Session: startChallenge(pool, client, 'CONFIRMED', user.username, now) }
  },
}
