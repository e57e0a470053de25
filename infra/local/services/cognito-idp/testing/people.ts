import { createHmac } from 'node:crypto'
import { call, type FakeCloud, fakeCloud, provision } from '../../../testing/recording-cloud.ts'
import type { OutgoingMail } from '../cognito.ts'
import { type CognitoService, createCognitoService } from '../index.ts'
import { createSigningKeys } from '../jwt.ts'

/** Making keys takes longer than everything else a test does. */
let keys: ReturnType<typeof createSigningKeys> | undefined
const sharedKeys = () => {
  keys ??= createSigningKeys()
  return keys
}

export const EMAIL = 'dora@example.com'
export const PASSWORD = 'Sunny-day-42'

export type People = {
  readonly cloud: FakeCloud
  readonly cognito: CognitoService
  readonly poolId: string
  readonly issuer: string
  readonly clientId: string
  readonly mails: OutgoingMail[]
  hash(username: string): string
  /** Calls a client operation with client id and secret hash filled in. */
  asClient<T = Record<string, unknown>>(operation: string, input: Record<string, unknown>): Promise<T>
  asAdmin<T = Record<string, unknown>>(operation: string, input: Record<string, unknown>): Promise<T>
  withToken<T = Record<string, unknown>>(operation: string, input: Record<string, unknown>): Promise<T>
  signUp(): Promise<void>
  /** Signs up and confirms. */
  join(): Promise<void>
  lastCode(): string
  signIn(password?: string): Promise<Tokens>
  refresh(refreshToken: string, username: string): Promise<Tokens>
}

export type Tokens = {
  AccessToken: string
  IdToken: string
  RefreshToken?: string
  ExpiresIn: number
  TokenType: string
}

/** A pool and a confidential client as the portal's templates have them, with an `admins` group. */
export async function people(
  pool: Record<string, unknown> = {},
  client: Record<string, unknown> = {},
  keysOf = sharedKeys,
): Promise<People> {
  const cloud = fakeCloud()
  const mails: OutgoingMail[] = []
  const cognito = createCognitoService(cloud, {
    sendMail: mail => void mails.push(mail),
    createSigningKeys: keysOf,
  })
  const { ref: poolId, attributes } = await provision(cognito, 'AWS::Cognito::UserPool', 'People', {
    ...POOL,
    ...pool,
  })
  const made = await provision(cognito, 'AWS::Cognito::UserPoolClient', 'Client', {
    ...CLIENT,
    UserPoolId: poolId,
    ...client,
  })
  await provision(cognito, 'AWS::Cognito::UserPoolGroup', 'Admins', {
    UserPoolId: poolId,
    GroupName: 'admins',
  })
  const clientId = made.ref
  const secret = made.attributes?.ClientSecret ?? ''
  const hash = (username: string): string =>
    createHmac('sha256', secret)
      .update(username + clientId)
      .digest('base64')
  const self: People = {
    cloud,
    cognito,
    poolId,
    issuer: attributes?.ProviderURL ?? '',
    clientId,
    mails,
    hash,
    asClient: (operation, input) =>
      call(cognito, operation, { ClientId: clientId, SecretHash: hash(String(input.Username)), ...input }),
    asAdmin: (operation, input) => call(cognito, operation, { UserPoolId: poolId, ...input }),
    withToken: (operation, input) => call(cognito, operation, input),
    signUp: async () => void (await self.asClient('SignUp', { Username: EMAIL, Password: PASSWORD })),
    async join() {
      await self.signUp()
      await self.asClient('ConfirmSignUp', { Username: EMAIL, ConfirmationCode: self.lastCode() })
    },
    lastCode: () => /\d{6}/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '',
    signIn: (password = PASSWORD) =>
      authenticate(self, 'USER_PASSWORD_AUTH', {
        USERNAME: EMAIL,
        PASSWORD: password,
        SECRET_HASH: hash(EMAIL),
      }),
    refresh: (token, username) =>
      authenticate(self, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: token, SECRET_HASH: hash(username) }),
  }
  return self
}

async function authenticate(
  self: People,
  AuthFlow: string,
  AuthParameters: Record<string, string>,
): Promise<Tokens> {
  const input = { AuthFlow, AuthParameters, ClientId: self.clientId }
  return (await call<{ AuthenticationResult: Tokens }>(self.cognito, 'InitiateAuth', input))
    .AuthenticationResult
}

/** The claims of a token, unchecked. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const POOL = {
  UsernameAttributes: ['email'],
  UsernameConfiguration: { CaseSensitive: false },
  AutoVerifiedAttributes: ['email'],
  Schema: [{ Name: 'email', Required: true, Mutable: true }],
  Policies: {
    PasswordPolicy: {
      MinimumLength: 10,
      RequireNumbers: true,
      RequireLowercase: true,
      RequireUppercase: true,
      RequireSymbols: true,
    },
  },
  VerificationMessageTemplate: {
    DefaultEmailOption: 'CONFIRM_WITH_CODE',
    EmailSubject: 'Your code',
    EmailMessage: 'Code: {####}',
  },
}

const CLIENT = {
  GenerateSecret: true,
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  AccessTokenValidity: 15,
  IdTokenValidity: 15,
  RefreshTokenValidity: 180,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
  PreventUserExistenceErrors: 'ENABLED',
  EnableTokenRevocation: true,
}
