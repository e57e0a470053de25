import type {
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse,
  ExplicitAuthFlowsType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminPool } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { notFound } from '../errors.ts'

/** Shows the client secret too, as AWS does to whoever may call it. */
export const describeUserPoolClient =
  (cognito: Cognito) =>
  (input: DescribeUserPoolClientRequest, context: OperationContext): DescribeUserPoolClientResponse => {
    refuseUnknown('cognito-idp DescribeUserPoolClient', input, ['UserPoolId', 'ClientId'])
    const pool = adminPool(cognito, context, 'DescribeUserPoolClient', input.UserPoolId)
    const client = pool.clients.get(input.ClientId ?? '')
    if (!client) throw notFound(`User pool client ${input.ClientId} does not exist.`)
    return {
      UserPoolClient: {
        UserPoolId: pool.id,
        ClientId: client.id,
        ClientName: client.name,
        ...(client.secret === undefined ? {} : { ClientSecret: client.secret }),
        CreationDate: new Date(client.createdAt),
        LastModifiedDate: new Date(client.createdAt),
        ExplicitAuthFlows: [...client.flows] as ExplicitAuthFlowsType[],
        AccessTokenValidity: client.accessTokenSeconds,
        IdTokenValidity: client.idTokenSeconds,
        RefreshTokenValidity: client.refreshTokenSeconds,
        TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'seconds' },
        PreventUserExistenceErrors: client.masksUserExistence ? 'ENABLED' : 'LEGACY',
        EnableTokenRevocation: client.revocation,
        AllowedOAuthFlowsUserPoolClient: false,
      },
    }
  }
