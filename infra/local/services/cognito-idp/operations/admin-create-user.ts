import { randomInt } from 'node:crypto'
import type {
  AdminCreateUserRequest,
  AdminCreateUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { ServiceError, UnsupportedError } from '../../../contract.ts'
import { choice } from '../../../input/members.ts'
import { adminPool, touched } from '../admin.ts'
import { sendTemplate } from '../codes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeUser } from '../describe.ts'
import { attributes, clientMetadata, password, poolId, username } from '../members.ts'
import { checkPolicy, hashPassword, temporaryUntil } from '../password.ts'
import type { PasswordPolicy, User, UserPool } from '../state.ts'
import { createUser, userNamed } from '../users.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  UserAttributes: z.optional(attributes),
  ValidationData: z.optional(attributes),
  TemporaryPassword: z.optional(password),
  MessageAction: z.optional(choice('RESEND', 'SUPPRESS')),
  DesiredDeliveryMediums: z.optional(z.array(choice('SMS', 'EMAIL'))),
  ForceAliasCreation: z.optional(z.boolean()),
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<AdminCreateUserRequest>

/** Makes a user with a temporary password and, unless suppressed, mails the invitation. */
export const adminCreateUser: CognitoOperation<typeof INPUT, AdminCreateUserResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    if (input.DesiredDeliveryMediums?.includes('SMS')) throw new UnsupportedError('AdminCreateUser by SMS')
    const pool = adminPool(cognito, context, 'AdminCreateUser', input.UserPoolId)
    const temporary = input.TemporaryPassword ?? temporaryPassword(pool.passwordPolicy)
    checkPolicy(pool.passwordPolicy, temporary)
    const now = cognito.cloud.clock.now()
    const user =
      input.MessageAction === 'RESEND'
        ? invited(pool, input.Username)
        : createUser(pool, input.Username, input.UserAttributes ?? [], now)
    user.status = 'FORCE_CHANGE_PASSWORD'
    user.password = hashPassword(temporary, temporaryUntil(pool.passwordPolicy, now))
    pool.users.set(user.username, user)
    if (input.MessageAction !== 'SUPPRESS' && user.attributes.email) {
      const name = pool.emailAsUsername ? user.attributes.email : user.username
      const values = { '{username}': name, '{####}': temporary }
      sendTemplate(cognito, pool.invitationMail, user.attributes.email, values)
    }
    touched(cognito, user)
    return { User: describeUser(user) }
  },
}

function invited(pool: UserPool, name: string): User {
  const user = userNamed(pool, name)
  if (user.status === 'FORCE_CHANGE_PASSWORD') return user
  throw new ServiceError(
    'UnsupportedUserStateException',
    `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
  )
}

function temporaryPassword(policy: PasswordPolicy): string {
  const all = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
  const filler = Array.from(
    { length: Math.max(policy.minimumLength, 12) },
    () => all[randomInt(all.length)],
  ).join('')
  return `${filler}Aa1!`
}
