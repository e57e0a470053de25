import type { ListGroupsRequest, ListGroupsResponse } from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminPool } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { describeGroup } from '../describe.ts'
import { pageOf } from '../page.ts'

export const listGroups =
  (cognito: Cognito) =>
  (input: ListGroupsRequest, context: OperationContext): ListGroupsResponse => {
    refuseUnknown('cognito-idp ListGroups', input, ['UserPoolId', 'Limit', 'NextToken'])
    const pool = adminPool(cognito, context, 'ListGroups', input.UserPoolId)
    const page = pageOf([...pool.groups.values()], input.NextToken, input.Limit ?? 60)
    return {
      Groups: page.items.map(group => describeGroup(pool, group)),
      ...(page.next ? { NextToken: page.next } : {}),
    }
  }
