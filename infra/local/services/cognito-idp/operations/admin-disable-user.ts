import type {
  AdminDisableUserRequest,
  AdminDisableUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser, touched } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { revokeSessionsOf } from '../sessions.ts'

export const adminDisableUser =
  (cognito: Cognito) =>
  (input: AdminDisableUserRequest, context: OperationContext): AdminDisableUserResponse => {
    refuseUnknown('cognito-idp AdminDisableUser', input, ['UserPoolId', 'Username'])
    const { pool, user } = adminUser(cognito, context, 'AdminDisableUser', input)
    user.enabled = false
    revokeSessionsOf(pool, user)
    touched(cognito, user)
    return {}
  }
