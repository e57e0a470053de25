import type { ListUserPoolsRequest, ListUserPoolsResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import type { CognitoOperation } from '../cognito.ts'
import { nextToken } from '../members.ts'
import { pageOf } from '../page.ts'

const INPUT = z.strictObject({
  MaxResults: integer(1, 60),
  NextToken: nextToken,
}) satisfies z.ZodType<ListUserPoolsRequest>

export const listUserPools: CognitoOperation<typeof INPUT, ListUserPoolsResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    context.authorize('cognito-idp:ListUserPools', '*')
    const page = pageOf([...cognito.state.pools.values()], input.NextToken, input.MaxResults)
    const pools = page.items.map(pool => ({
      Id: pool.id,
      Name: pool.name,
      CreationDate: new Date(pool.createdAt),
      LastModifiedDate: new Date(pool.createdAt),
    }))
    return { UserPools: pools, ...(page.next ? { NextToken: page.next } : {}) }
  },
}
