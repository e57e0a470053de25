import type {
  AdminSetUserPasswordRequest,
  AdminSetUserPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { adminUser, touched } from '../admin.ts'
import { checkPolicy, hashPassword } from '../password.ts'

const DAY_MS = 24 * 60 * 60 * 1000

import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'

export const adminSetUserPassword =
  (cognito: Cognito) =>
  (input: AdminSetUserPasswordRequest, context: OperationContext): AdminSetUserPasswordResponse => {
    refuseUnknown('cognito-idp AdminSetUserPassword', input, [
      'UserPoolId',
      'Username',
      'Password',
      'Permanent',
    ])
    const { pool, user } = adminUser(cognito, context, 'AdminSetUserPassword', input)
    checkPolicy(pool.passwordPolicy, input.Password)
    const expiresAt = cognito.cloud.clock.now() + pool.passwordPolicy.temporaryPasswordValidityDays * DAY_MS
    user.password = hashPassword(input.Password, input.Permanent ? undefined : expiresAt)
    user.status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
    user.failedPasswords = 0
    user.lockedUntil = 0
    touched(cognito, user)
    return {}
  }
