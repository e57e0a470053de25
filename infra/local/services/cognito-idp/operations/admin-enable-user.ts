import type {
  AdminEnableUserRequest,
  AdminEnableUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser, touched } from '../admin.ts'
import type { Cognito } from '../cognito.ts'

export const adminEnableUser =
  (cognito: Cognito) =>
  (input: AdminEnableUserRequest, context: OperationContext): AdminEnableUserResponse => {
    refuseUnknown('cognito-idp AdminEnableUser', input, ['UserPoolId', 'Username'])
    const { user } = adminUser(cognito, context, 'AdminEnableUser', input)
    user.enabled = true
    touched(cognito, user)
    return {}
  }
