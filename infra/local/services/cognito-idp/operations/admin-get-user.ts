import type { AdminGetUserRequest, AdminGetUserResponse } from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { describeUser } from '../describe.ts'

export const adminGetUser =
  (cognito: Cognito) =>
  (input: AdminGetUserRequest, context: OperationContext): AdminGetUserResponse => {
    refuseUnknown('cognito-idp AdminGetUser', input, ['UserPoolId', 'Username'])
    const { user } = adminUser(cognito, context, 'AdminGetUser', input)
    const { Attributes, ...described } = describeUser(user)
    return { ...described, Username: user.username, UserAttributes: Attributes }
  }
