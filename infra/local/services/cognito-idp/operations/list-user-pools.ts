import type { ListUserPoolsRequest, ListUserPoolsResponse } from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'
import { pageOf } from '../page.ts'

export const listUserPools =
  (cognito: Cognito) =>
  (input: ListUserPoolsRequest, context: OperationContext): ListUserPoolsResponse => {
    refuseUnknown('cognito-idp ListUserPools', input, ['MaxResults', 'NextToken'])
    context.authorize('cognito-idp:ListUserPools', '*')
    const page = pageOf([...cognito.state.pools.values()], input.NextToken, input.MaxResults ?? 60)
    const pools = page.items.map(pool => ({
      Id: pool.id,
      Name: pool.name,
      CreationDate: new Date(pool.createdAt),
      LastModifiedDate: new Date(pool.createdAt),
    }))
    return { UserPools: pools, ...(page.next ? { NextToken: page.next } : {}) }
  }
