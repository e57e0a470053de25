import type {
  ListUserPoolClientsRequest,
  ListUserPoolClientsResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { nextToken, poolId } from '../members.ts'
import { pageOf } from '../page.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  MaxResults: z.optional(integer(1, 60)),
  NextToken: nextToken,
}) satisfies z.ZodType<ListUserPoolClientsRequest>

export const listUserPoolClients: CognitoOperation<typeof INPUT, ListUserPoolClientsResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'ListUserPoolClients', input.UserPoolId)
    const page = pageOf([...pool.clients.values()], input.NextToken, input.MaxResults)
    const clients = page.items.map(client => ({
      ClientId: client.id,
      UserPoolId: pool.id,
      ClientName: client.name,
    }))
    return { UserPoolClients: clients, ...(page.next ? { NextToken: page.next } : {}) }
  },
}
