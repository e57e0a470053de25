import { randomInt } from 'node:crypto'
import type {
  AdminCreateUserRequest,
  AdminCreateUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { type OperationContext, ServiceError, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminPool, touched } from '../admin.ts'
import { sendTemplate } from '../codes.ts'
import type { Cognito } from '../cognito.ts'
import { describeUser } from '../describe.ts'
import { userNotFound } from '../errors.ts'
import { checkPolicy, hashPassword } from '../password.ts'
import type { PasswordPolicy, User, UserPool } from '../state.ts'
import { createUser, findUser } from '../users.ts'

const KNOWN = [
  'UserPoolId',
  'Username',
  'UserAttributes',
  'TemporaryPassword',
  'MessageAction',
  'DesiredDeliveryMediums',
  'ForceAliasCreation',
  'ClientMetadata',
]
const DAY_MS = 24 * 60 * 60 * 1000

/** Makes a user with a temporary password and, unless suppressed, mails the invitation. */
export const adminCreateUser =
  (cognito: Cognito) =>
  (input: AdminCreateUserRequest, context: OperationContext): AdminCreateUserResponse => {
    refuseUnknown('cognito-idp AdminCreateUser', input, KNOWN)
    if (input.DesiredDeliveryMediums?.includes('SMS')) throw new UnsupportedError('AdminCreateUser by SMS')
    const pool = adminPool(cognito, context, 'AdminCreateUser', input.UserPoolId)
    const password = input.TemporaryPassword ?? temporaryPassword(pool.passwordPolicy)
    checkPolicy(pool.passwordPolicy, password)
    const now = cognito.cloud.clock.now()
    const user =
      input.MessageAction === 'RESEND'
        ? invited(pool, input)
        : createUser(pool, input.Username, input.UserAttributes ?? [], now)
    user.status = 'FORCE_CHANGE_PASSWORD'
    user.password = hashPassword(password, now + pool.passwordPolicy.temporaryPasswordValidityDays * DAY_MS)
    pool.users.set(user.username, user)
    if (input.MessageAction !== 'SUPPRESS' && user.attributes.email) {
      const values = { '{username}': user.attributes.email, '{####}': password }
      sendTemplate(cognito, pool.invitationMail, user.attributes.email, values)
    }
    touched(cognito, user)
    return { User: describeUser(user) }
  }

function invited(pool: UserPool, input: AdminCreateUserRequest): User {
  const user = findUser(pool, input.Username)
  if (!user) throw userNotFound()
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new ServiceError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
    )
  }
  return user
}

function temporaryPassword(policy: PasswordPolicy): string {
  const all = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
  const filler = Array.from(
    { length: Math.max(policy.minimumLength, 12) },
    () => all[randomInt(all.length)],
  ).join('')
  return `${filler}Aa1!`
}
