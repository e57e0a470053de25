import type { ListUsersRequest, ListUsersResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describeUser } from '../describe.ts'
import { invalidParameter } from '../errors.ts'
import { parseFilter } from '../filter.ts'
import { attributeName, limit, nextToken, poolId } from '../members.ts'
import { pageOf } from '../page.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  AttributesToGet: z.optional(z.array(attributeName)),
  Limit: limit,
  PaginationToken: nextToken,
  Filter: z.optional(text({ max: 256 })),
}) satisfies z.ZodType<ListUsersRequest>

/** Users, all or by one filter such as `email = "a@b.example"` (exact) or `email ^= "a@"` (prefix). */
export const listUsers: CognitoOperation<typeof INPUT, ListUsersResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'ListUsers', input.UserPoolId)
    const wanted = input.AttributesToGet
    if (wanted?.some(name => !pool.schema.some(attribute => attribute.name === name)))
      throw invalidParameter('One or more requested attributes do not exist in user pool.')
    const found = [...pool.users.values()].filter(parseFilter(input.Filter, pool.caseSensitive))
    const page = pageOf(found, input.PaginationToken, input.Limit)
    const users = page.items.map(user => {
      const { Attributes = [], ...described } = describeUser(user)
      const chosen = Attributes.filter(attribute => !wanted || wanted.includes(attribute.Name ?? ''))
      return { ...described, Attributes: chosen }
    })
    return { Users: users, ...(page.next ? { PaginationToken: page.next } : {}) }
  },
}
