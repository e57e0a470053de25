import type { SignUpRequest, SignUpResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { attributesOf, checkWritable } from '../attributes.ts'
import { choosesFactor, startChallenge } from '../challenges.ts'
import { sendCode } from '../codes.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { invalidParameter, notAuthorized } from '../errors.ts'
import { attributes, clientMetadata, password, spokenFor } from '../members.ts'
import { checkPolicy, hashPassword } from '../password.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { createUser } from '../users.ts'

const INPUT = z.strictObject({
  ...spokenFor,
  Password: z.optional(password),
  UserAttributes: z.optional(attributes),
  ValidationData: z.optional(attributes),
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<SignUpRequest>

/** Makes an unconfirmed user and mails a code. */
export const signUp: CognitoOperation<typeof INPUT, SignUpResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username, input.SecretHash)
    if (!pool.selfSignUp) throw notAuthorized('SignUp is not permitted for this user pool')
    // A pool without one-time codes as a factor has nothing else that could sign the user in.
    if (input.Password === undefined) throw invalidParameter('Password is required.')
    checkPolicy(pool.passwordPolicy, input.Password)
    checkWritable(pool, attributesOf(input.UserAttributes), { existing: false })
    const now = cognito.cloud.clock.now()
    const user = createUser(pool, input.Username, input.UserAttributes ?? [], now)
    user.password = hashPassword(input.Password)
    const email = pool.autoVerifyEmail ? user.attributes.email : undefined
    if (email) user.attributes.email_verified = 'false'
    pool.users.set(user.username, user)
    cognito.cloud.clock.wrote()
    return {
      UserConfirmed: false,
      UserSub: user.attributes.sub,
      ...(email ? { CodeDeliveryDetails: sendCode(cognito, pool, user, 'signUp', email) } : {}),
      ...(email && choosesFactor(client)
        ? { Session: startChallenge(pool, client, 'SIGNED_UP', user.username, now) }
        : {}),
    }
  },
}
