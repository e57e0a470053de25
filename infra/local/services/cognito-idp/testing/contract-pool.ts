import { createHmac, randomUUID } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientRequest,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { clientConfig, ON_AWS } from '../../../testing/contract-target.ts'
import { serve } from '../../../testing/serve.ts'
import { createCognitoService, type OutgoingMail } from '../index.ts'

export const PASSWORD = 'Sunny-day-42'

export type ContractClient = { readonly id: string; hash(username: string): string; readonly secret: string }

/** A pool of the suite's own, here or on AWS. Where there is a mailbox, `lastCode` reads it. */
export async function contractPool() {
  const local = ON_AWS ? undefined : await startHere()
  const cognito = new CognitoIdentityProviderClient(clientConfig(local?.url ?? ''))
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({
      PoolName: `tollgate-contract-${randomUUID()}`,
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: ['email'],
      Policies: {
        PasswordPolicy: {
          MinimumLength: 10,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: false,
        },
      },
    }),
  )
  const poolId = UserPool?.Id ?? ''

  async function addClient(more: Partial<CreateUserPoolClientRequest>): Promise<ContractClient> {
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId: poolId,
        ClientName: 'contract',
        GenerateSecret: true,
        PreventUserExistenceErrors: 'ENABLED',
        ExplicitAuthFlows: [
          'ALLOW_USER_PASSWORD_AUTH',
          'ALLOW_ADMIN_USER_PASSWORD_AUTH',
          'ALLOW_USER_AUTH',
          'ALLOW_REFRESH_TOKEN_AUTH',
        ],
        ...more,
      }),
    )
    const { ClientId: id = '', ClientSecret: secret = '' } = UserPoolClient ?? {}
    const hash = (username: string) =>
      createHmac('sha256', secret)
        .update(username + id)
        .digest('base64')
    return { id, secret, hash }
  }

  const client = await addClient({})
  const onAws = `https://cognito-idp.${await cognito.config.region()}.amazonaws.com`
  return {
    cognito,
    poolId,
    client,
    addClient,
    issuer: `${local?.cloud.endpointUrl ?? onAws}/${poolId}`,
    jwksUrl: `${local?.url ?? onAws}/${poolId}/.well-known/jwks.json`,
    /** A confirmed user with a verified address of their own. */
    async user(): Promise<string> {
      const email = `${randomUUID()}@example.com`
      const pool = { UserPoolId: poolId, Username: email }
      const UserAttributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ]
      await cognito.send(new AdminCreateUserCommand({ ...pool, UserAttributes, MessageAction: 'SUPPRESS' }))
      await cognito.send(new AdminSetUserPasswordCommand({ ...pool, Password: PASSWORD, Permanent: true }))
      return email
    },
    async signIn(email: string, password = PASSWORD, by = client) {
      const AuthParameters = { USERNAME: email, PASSWORD: password, SECRET_HASH: by.hash(email) }
      const { AuthenticationResult: tokens } = await cognito.send(
        new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: by.id, AuthParameters }),
      )
      return {
        access: tokens?.AccessToken ?? '',
        id: tokens?.IdToken ?? '',
        refresh: tokens?.RefreshToken ?? '',
      }
    },
    lastCode: () => local?.lastCode() ?? '',
    async remove(): Promise<void> {
      await cognito.send(new DeleteUserPoolCommand({ UserPoolId: poolId }))
      cognito.destroy()
      await local?.close()
    },
  }
}

async function startHere() {
  const mails: OutgoingMail[] = []
  const served = await serve(cloud => [
    createCognitoService(cloud, { sendMail: mail => void mails.push(mail) }),
  ])
  return { ...served, lastCode: () => /\d{6}/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '' }
}
