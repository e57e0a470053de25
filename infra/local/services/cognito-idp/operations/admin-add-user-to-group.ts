import type { AdminAddUserToGroupRequest } from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser, touched } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { notFound } from '../errors.ts'

export const adminAddUserToGroup =
  (cognito: Cognito) =>
  (input: AdminAddUserToGroupRequest, context: OperationContext): Record<string, never> => {
    refuseUnknown('cognito-idp AdminAddUserToGroup', input, ['UserPoolId', 'Username', 'GroupName'])
    const { pool, user } = adminUser(cognito, context, 'AdminAddUserToGroup', input)
    const group = pool.groups.get(input.GroupName ?? '')
    if (!group) throw notFound('Group not found.')
    user.groups.add(group.name)
    touched(cognito, user)
    return {}
  }
