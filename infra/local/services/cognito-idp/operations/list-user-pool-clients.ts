import type {
  ListUserPoolClientsRequest,
  ListUserPoolClientsResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminPool } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { pageOf } from '../page.ts'

export const listUserPoolClients =
  (cognito: Cognito) =>
  (input: ListUserPoolClientsRequest, context: OperationContext): ListUserPoolClientsResponse => {
    refuseUnknown('cognito-idp ListUserPoolClients', input, ['UserPoolId', 'MaxResults', 'NextToken'])
    const pool = adminPool(cognito, context, 'ListUserPoolClients', input.UserPoolId)
    const page = pageOf([...pool.clients.values()], input.NextToken, input.MaxResults ?? 60)
    const clients = page.items.map(client => ({
      ClientId: client.id,
      UserPoolId: pool.id,
      ClientName: client.name,
    }))
    return { UserPoolClients: clients, ...(page.next ? { NextToken: page.next } : {}) }
  }
