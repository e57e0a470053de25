import { randomUUID } from 'node:crypto'
import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminListGroupsForUserCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { JwtVerifier } from 'aws-jwt-verify'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localOnly } from '../../testing/contract-target.ts'
import { contractPool, PASSWORD } from './testing/contract-pool.ts'

const NO_MAILBOX = 'the code comes by mail, which cannot be read there'

let self: Awaited<ReturnType<typeof contractPool>>
const send: typeof self.cognito.send = ((command: never) => self.cognito.send(command)) as never
const address = () => `${randomUUID()}@example.com`
const spoken = (email: string) => ({
  ClientId: self.client.id,
  Username: email,
  SecretHash: self.client.hash(email),
})
const signUp = (email: string, Password = PASSWORD) => send(new SignUpCommand({ ...spoken(email), Password }))
const authenticate = (
  AuthFlow: 'USER_AUTH' | 'USER_PASSWORD_AUTH' | 'REFRESH_TOKEN_AUTH',
  email: string,
  more: Record<string, string> = {},
  Session?: string,
) =>
  send(
    new InitiateAuthCommand({
      AuthFlow,
      ClientId: self.client.id,
      Session,
      AuthParameters: { USERNAME: email, SECRET_HASH: self.client.hash(email), ...more },
    }),
  )
const answer = (
  ChallengeName: 'SELECT_CHALLENGE' | 'PASSWORD' | 'NEW_PASSWORD_REQUIRED',
  Session: string | undefined,
  email: string,
  more: Record<string, string>,
) =>
  send(
    new RespondToAuthChallengeCommand({
      ChallengeName,
      Session,
      ClientId: self.client.id,
      ChallengeResponses: { USERNAME: email, SECRET_HASH: self.client.hash(email), ...more },
    }),
  )

beforeAll(async () => {
  self = await contractPool()
}, 60_000)
afterAll(() => self.remove())

describe('a pool', () => {
  test('is described as it was made', async () => {
    const { UserPool } = await send(new DescribeUserPoolCommand({ UserPoolId: self.poolId }))
    expect(UserPool).toMatchObject({
      Id: self.poolId,
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      MfaConfiguration: 'OFF',
      UserPoolTier: 'ESSENTIALS',
      DeletionProtection: 'INACTIVE',
      Policies: { PasswordPolicy: { MinimumLength: 10, RequireSymbols: false } },
    })
    expect(UserPool?.SchemaAttributes).toContainEqual(
      expect.objectContaining({
        Name: 'birthdate',
        AttributeDataType: 'String',
        StringAttributeConstraints: { MinLength: '10', MaxLength: '10' },
      }),
    )
  })

  test('is looked for by an id of the right form', async () => {
    await expect(send(new DescribeUserPoolCommand({ UserPoolId: 'nonsense' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        "1 validation error detected: Value 'nonsense' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+",
    })
    await expect(
      send(new DescribeUserPoolCommand({ UserPoolId: 'us-east-1_000000000' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('signing up', () => {
  test('makes an unconfirmed user, whom an administrator can confirm', async () => {
    const email = address()
    const made = await signUp(email)
    expect(made).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: {
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: `${email[0]}***@e***`,
      },
    })
    await expect(self.signIn(email)).rejects.toMatchObject({
      name: 'UserNotConfirmedException',
      message: 'User is not confirmed.',
    })
    const Username = email
    await send(new AdminConfirmSignUpCommand({ UserPoolId: self.poolId, Username }))
    const user = await send(new AdminGetUserCommand({ UserPoolId: self.poolId, Username }))
    expect(user).toMatchObject({ Username: made.UserSub, UserStatus: 'CONFIRMED', Enabled: true })
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'false' })
  })

  test('refuses weak passwords, known addresses and a wrong secret hash', async () => {
    const email = await self.user()
    await expect(signUp(address(), 'Short1a')).rejects.toMatchObject({
      name: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password not long enough',
    })
    await expect(signUp(email)).rejects.toMatchObject({ name: 'UsernameExistsException' })
    const foreign = { ...spoken(address()), SecretHash: self.client.hash('somebody'), Password: PASSWORD }
    await expect(send(new SignUpCommand(foreign))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: `Unable to verify secret hash for client ${self.client.id}`,
    })
  })

  localOnly(NO_MAILBOX)('goes on to a signed-in session without a password', async () => {
    const email = address()
    const { Session } = await signUp(email)
    const ConfirmationCode = self.lastCode()
    const confirmed = await send(new ConfirmSignUpCommand({ ...spoken(email), ConfirmationCode, Session }))
    const { AuthenticationResult } = await authenticate('USER_AUTH', email, {}, confirmed.Session)
    const { UserAttributes } = await send(
      new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }),
    )
    expect(UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' })
    await expect(authenticate('USER_AUTH', email, {}, confirmed.Session)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    })
  })
})

describe('signing in', () => {
  test('gives tokens that the unchanged verifier accepts', async () => {
    const { access, id } = await self.signIn(await self.user())
    const jwksCache = new SimpleJwksCache({
      fetcher: { fetch: async () => (await fetch(self.jwksUrl)).arrayBuffer() },
    })
    const verifier = JwtVerifier.create(
      { issuer: self.issuer, jwksUri: 'https://unused.example/jwks', audience: null },
      { jwksCache },
    )
    expect(await verifier.verify(access)).toMatchObject({ token_use: 'access', client_id: self.client.id })
    expect(await verifier.verify(id)).toMatchObject({ token_use: 'id', aud: self.client.id })
    const keyOf = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
    expect(keyOf(access)).not.toBe(keyOf(id))
  })

  test('fails with one text for a wrong password and for nobody', async () => {
    const failure = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' }
    await expect(self.signIn(await self.user(), 'Wrong-day-42')).rejects.toMatchObject(failure)
    await expect(self.signIn(address())).rejects.toMatchObject(failure)
  })

  test('is refused to a disabled user', async () => {
    const email = await self.user()
    await send(new AdminDisableUserCommand({ UserPoolId: self.poolId, Username: email }))
    await expect(self.signIn(email)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })

  test('by choice asks for a factor first', async () => {
    const email = await self.user()
    const asked = await authenticate('USER_AUTH', email)
    expect(asked.ChallengeName).toBe('SELECT_CHALLENGE')
    expect(asked.AvailableChallenges).toContain('PASSWORD')
    const chosen = { ANSWER: 'PASSWORD', PASSWORD }
    const done = await answer('SELECT_CHALLENGE', asked.Session, email, chosen)
    expect(done.AuthenticationResult).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' })
    await expect(answer('SELECT_CHALLENGE', asked.Session, email, chosen)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    })
  })

  test('by a preferred factor takes the password at once', async () => {
    const email = await self.user()
    const tokens = await authenticate('USER_AUTH', email, { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })
    expect(tokens.AuthenticationResult?.RefreshToken).toBeTruthy()
  })

  test('by an administrator works with and without a new password', async () => {
    const email = address()
    const pool = { UserPoolId: self.poolId, ClientId: self.client.id }
    const said = { USERNAME: email, SECRET_HASH: self.client.hash(email) }
    const user = { UserPoolId: self.poolId, Username: email }
    const TemporaryPassword = 'Cloudy-day-42'
    await send(new AdminCreateUserCommand({ ...user, TemporaryPassword, MessageAction: 'SUPPRESS' }))
    const signIn = (password: string) =>
      send(
        new AdminInitiateAuthCommand({
          ...pool,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { ...said, PASSWORD: password },
        }),
      )
    const { ChallengeName, Session, ChallengeParameters } = await signIn(TemporaryPassword)
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    expect(JSON.parse(ChallengeParameters?.userAttributes ?? '')).toMatchObject({ email })
    const respond = (NEW_PASSWORD: string) =>
      send(
        new AdminRespondToAuthChallengeCommand({
          ...pool,
          ChallengeName,
          Session,
          ChallengeResponses: { ...said, NEW_PASSWORD },
        }),
      )
    await expect(respond('weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' })
    expect((await respond(PASSWORD)).AuthenticationResult?.AccessToken).toBeTruthy()
    expect((await signIn(PASSWORD)).AuthenticationResult?.AccessToken).toBeTruthy()
  })

  test('for the first time asks an invited user for a password of their own', async () => {
    const email = address()
    const user = { UserPoolId: self.poolId, Username: email, TemporaryPassword: PASSWORD }
    await send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }))
    const asked = await authenticate('USER_PASSWORD_AUTH', email, { PASSWORD })
    expect(asked).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: { requiredAttributes: '[]' },
    })
    const done = await answer('NEW_PASSWORD_REQUIRED', asked.Session, email, { NEW_PASSWORD: 'Rainy-day-43' })
    expect(done.AuthenticationResult?.IdToken).toBeTruthy()
    expect((await self.signIn(email, 'Rainy-day-43')).access).toBeTruthy()
  })
})

describe('a session', () => {
  test('is refreshed, revoked and told from a forged one', async () => {
    const email = await self.user()
    const { access, refresh } = await self.signIn(email)
    const { Username = '' } = await send(new GetUserCommand({ AccessToken: access }))
    const again = await authenticate('REFRESH_TOKEN_AUTH', Username, { REFRESH_TOKEN: refresh })
    expect(again.AuthenticationResult).toMatchObject({ ExpiresIn: 3600, AccessToken: expect.any(String) })
    expect(again.AuthenticationResult?.RefreshToken).toBeUndefined()
    const { id: ClientId, secret: ClientSecret } = self.client
    await send(new RevokeTokenCommand({ ClientId, ClientSecret, Token: refresh }))
    await expect(send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
    await expect(
      authenticate('REFRESH_TOKEN_AUTH', Username, { REFRESH_TOKEN: refresh }),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Refresh Token has been revoked' })
    await expect(send(new GetUserCommand({ AccessToken: 'forged' }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Invalid Access Token',
    })
  })

  test('of a rotating client gets a new refresh token each time and no longer takes the old one', async () => {
    const rotating = await self.addClient({
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    })
    const { refresh } = await self.signIn(await self.user(), PASSWORD, rotating)
    const renew = (RefreshToken: string) =>
      send(
        new GetTokensFromRefreshTokenCommand({
          RefreshToken,
          ClientId: rotating.id,
          ClientSecret: rotating.secret,
        }),
      )
    const { AuthenticationResult } = await renew(refresh)
    expect(AuthenticationResult?.RefreshToken).toEqual(expect.any(String))
    expect(AuthenticationResult?.RefreshToken).not.toBe(refresh)
    await expect(renew(refresh)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' })
    expect((await renew(AuthenticationResult?.RefreshToken ?? '')).AuthenticationResult?.IdToken).toBeTruthy()
  })

  test('ends when an administrator signs the user out everywhere', async () => {
    const email = await self.user()
    const { access } = await self.signIn(email)
    await send(new AdminUserGlobalSignOutCommand({ UserPoolId: self.poolId, Username: email }))
    await expect(send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    })
  })
})

describe('users and groups', () => {
  test('are listed by filter, page by page', async () => {
    const email = await self.user()
    const list = (Filter?: string, Limit?: number, PaginationToken?: string) =>
      send(new ListUsersCommand({ UserPoolId: self.poolId, Filter, Limit, PaginationToken }))
    const found = await list(`email = "${email.toUpperCase()}"`)
    expect(found.Users).toMatchObject([{ Enabled: true, UserStatus: 'CONFIRMED' }])
    expect((await list(`email ^= "${email.slice(0, 12)}"`)).Users).toHaveLength(1)
    await self.user()
    const first = await list(undefined, 1)
    expect(first.Users).toHaveLength(1)
    const second = await list(undefined, 1, first.PaginationToken)
    expect(second.Users?.[0]?.Username).not.toBe(first.Users?.[0]?.Username)
    await expect(list('email = unquoted')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('belong together, which the tokens tell', async () => {
    const [GroupName, email] = [randomUUID(), await self.user()]
    const group = { UserPoolId: self.poolId, GroupName }
    await send(new CreateGroupCommand({ ...group, Precedence: 1 }))
    await expect(send(new CreateGroupCommand(group))).rejects.toMatchObject({ name: 'GroupExistsException' })
    await send(new AdminAddUserToGroupCommand({ ...group, Username: email }))
    const { Groups } = await send(
      new AdminListGroupsForUserCommand({ UserPoolId: self.poolId, Username: email }),
    )
    expect(Groups).toMatchObject([{ GroupName, Precedence: 1 }])
    expect((await send(new ListUsersInGroupCommand(group))).Users).toHaveLength(1)
    const { access } = await self.signIn(email)
    const claims = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString())
    expect(claims['cognito:groups']).toEqual([GroupName])
    await expect(
      send(new AdminAddUserToGroupCommand({ ...group, GroupName: 'nobody', Username: email })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Group not found.' })
  })

  test('have attributes that people may not all write', async () => {
    const email = await self.user()
    const { access } = await self.signIn(email)
    const write = (Name: string, Value: string) =>
      send(new UpdateUserAttributesCommand({ AccessToken: access, UserAttributes: [{ Name, Value }] }))
    await write('given_name', 'Dora')
    const { UserAttributes } = await send(new GetUserCommand({ AccessToken: access }))
    expect(UserAttributes).toContainEqual({ Name: 'given_name', Value: 'Dora' })
    await expect(write('email_verified', 'true')).rejects.toMatchObject({ name: 'NotAuthorizedException' })
    await expect(write('shoe_size', '43')).rejects.toMatchObject({ name: 'InvalidParameterException' })
    const another = { UserPoolId: self.poolId, Username: await self.user() }
    const UserAttributes_ = [{ Name: 'email', Value: email }]
    await expect(
      send(new AdminUpdateUserAttributesCommand({ ...another, UserAttributes: UserAttributes_ })),
    ).rejects.toMatchObject({ name: 'AliasExistsException' })
    await expect(
      send(new AdminGetUserCommand({ UserPoolId: self.poolId, Username: address() })),
    ).rejects.toMatchObject({ name: 'UserNotFoundException', message: 'User does not exist.' })
  })
})

localOnly(NO_MAILBOX)('a forgotten password is set anew with the mailed code', async () => {
  const email = await self.user()
  await send(new ForgotPasswordCommand(spoken(email)))
  const reset = { ...spoken(email), ConfirmationCode: self.lastCode(), Password: 'Rainy-day-43' }
  await send(new ConfirmForgotPasswordCommand(reset))
  await expect(self.signIn(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' })
  expect((await self.signIn(email, 'Rainy-day-43')).access).toBeTruthy()
})
