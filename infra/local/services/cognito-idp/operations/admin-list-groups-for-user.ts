import type {
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { describeGroup } from '../describe.ts'
import { pageOf } from '../page.ts'

export const adminListGroupsForUser =
  (cognito: Cognito) =>
  (input: AdminListGroupsForUserRequest, context: OperationContext): AdminListGroupsForUserResponse => {
    refuseUnknown('cognito-idp AdminListGroupsForUser', input, [
      'UserPoolId',
      'Username',
      'Limit',
      'NextToken',
    ])
    const { pool, user } = adminUser(cognito, context, 'AdminListGroupsForUser', input)
    const groups = [...pool.groups.values()].filter(group => user.groups.has(group.name))
    const page = pageOf(groups, input.NextToken, input.Limit ?? 60)
    return {
      Groups: page.items.map(group => describeGroup(pool, group)),
      ...(page.next ? { NextToken: page.next } : {}),
    }
  }
