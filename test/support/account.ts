import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { accountIdOf } from '#kernel/ids'
import type { Tollgate } from '../../infra/launch.ts'

/** The account that a person founded, found as an operator would: by e-mail in the user pool. */
export async function accountIdOfEmail(tollgate: Tollgate, email: string): Promise<string> {
  const cognito = new CognitoIdentityProviderClient(tollgate.aws)
  const { UserPools = [] } = await cognito.send(new ListUserPoolsCommand({ MaxResults: 10 }))
  const { Users = [] } = await cognito.send(
    new ListUsersCommand({ UserPoolId: UserPools[0]?.Id, Filter: `email = "${email}"` }),
  )
  const sub = Users[0]?.Attributes?.find(attribute => attribute.Name === 'sub')?.Value
  if (!sub) throw new Error(`nobody signed up as ${email}`)
  return accountIdOf(sub)
}
