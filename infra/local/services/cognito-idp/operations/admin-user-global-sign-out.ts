import type {
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser, touched } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { revokeSessionsOf } from '../sessions.ts'

export const adminUserGlobalSignOut =
  (cognito: Cognito) =>
  (input: AdminUserGlobalSignOutRequest, context: OperationContext): AdminUserGlobalSignOutResponse => {
    refuseUnknown('cognito-idp AdminUserGlobalSignOut', input, ['UserPoolId', 'Username'])
    const { pool, user } = adminUser(cognito, context, 'AdminUserGlobalSignOut', input)
    revokeSessionsOf(pool, user)
    touched(cognito, user)
    return {}
  }
