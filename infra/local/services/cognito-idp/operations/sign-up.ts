import type { SignUpRequest, SignUpResponse } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { sendCode } from '../codes.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { notAuthorized } from '../errors.ts'
import { checkPolicy, hashPassword } from '../password.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { attributesOf, checkWritable, createUser } from '../users.ts'

const KNOWN = ['ClientId', 'SecretHash', 'Username', 'Password', 'UserAttributes', 'ClientMetadata']

/** Makes an unconfirmed user and mails a code. */
export const signUp =
  (cognito: Cognito) =>
  (input: SignUpRequest): SignUpResponse => {
    refuseUnknown('cognito-idp SignUp', input, KNOWN)
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkSecretHash(client, input.Username ?? '', input.SecretHash)
    if (!pool.selfSignUp) throw notAuthorized('SignUp is not permitted for this user pool')
    checkPolicy(pool.passwordPolicy, input.Password)
    checkWritable(
      { ...pool, schema: pool.schema.map(one => ({ ...one, mutable: true })) },
      attributesOf(input.UserAttributes),
    )
    const user = createUser(pool, input.Username, input.UserAttributes ?? [], cognito.cloud.clock.now())
    user.password = hashPassword(input.Password)
    if (pool.autoVerifyEmail && user.attributes.email) user.attributes.email_verified = 'false'
    pool.users.set(user.username, user)
    cognito.cloud.clock.wrote()
    const answer = { UserConfirmed: false, UserSub: user.attributes.sub }
    if (!pool.autoVerifyEmail || !user.attributes.email) return answer
    return { ...answer, CodeDeliveryDetails: sendCode(cognito, pool, user, 'signUp', user.attributes.email) }
  }
