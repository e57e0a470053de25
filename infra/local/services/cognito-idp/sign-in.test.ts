import { JwtVerifier } from 'aws-jwt-verify'
import { describe, expect, test } from 'vitest'
import { claimsOf, EMAIL, PASSWORD, people } from './testing/people.ts'

const MINUTE_MS = 60_000

describe('signing in', () => {
  test('gives tokens with the claims of Cognito, which a verifier accepts against the published keys', async () => {
    const self = await people()
    await self.join()
    await self.asAdmin('AdminAddUserToGroup', { Username: EMAIL, GroupName: 'admins' })
    const tokens = await self.signIn()
    expect(tokens).toMatchObject({ ExpiresIn: 900, TokenType: 'Bearer' })
    const access = claimsOf(tokens.AccessToken)
    const now = self.cloud.clock.now() / 1000
    expect(access).toEqual({
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'cognito:groups': ['admins'],
      iss: self.issuer,
      client_id: self.clientId,
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: now,
      iat: now,
      exp: now + 900,
      jti: expect.any(String),
      username: access.sub,
    })
    expect(claimsOf(tokens.IdToken)).toMatchObject({
      aud: self.clientId,
      token_use: 'id',
      email: EMAIL,
      email_verified: true,
      'cognito:username': access.sub,
      'cognito:groups': ['admins'],
      origin_jti: access.origin_jti,
    })
    const verifier = JwtVerifier.create({
      issuer: self.issuer,
      audience: null,
      jwksUri: 'https://unused.example/jwks',
    })
    const jwks = self.cognito.http('GET', `/${self.poolId}/.well-known/jwks.json`)
    verifier.cacheJwks(JSON.parse(String(jwks?.body)))
    expect(() => verifier.verifySync(tokens.AccessToken)).toThrow('expired')
    expect(verifier.verifySync(tokens.AccessToken, { graceSeconds: 100 * 365 * 86_400 })).toMatchObject({
      sub: access.sub,
    })
  })

  test('fails alike for an unknown user and a wrong password', async () => {
    const self = await people()
    await expect(self.signIn()).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
    await self.join()
    await expect(self.signIn('wrong')).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
  })

  test('names an unknown user only where the client does not mask users', async () => {
    const self = await people({}, { PreventUserExistenceErrors: 'LEGACY' })
    await expect(self.signIn()).rejects.toMatchObject({
      code: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test('is refused before confirmation, and then only with the right password', async () => {
    const self = await people()
    await self.signUp()
    await expect(self.signIn()).rejects.toMatchObject({ code: 'UserNotConfirmedException' })
    await expect(self.signIn('wrong')).rejects.toMatchObject({ code: 'NotAuthorizedException' })
  })

  test('is locked for a second after five wrong passwords, for two after six', async () => {
    const self = await people()
    await self.join()
    for (let i = 0; i < 5; i++)
      await expect(self.signIn('wrong')).rejects.toThrow('Incorrect username or password.')
    await expect(self.signIn()).rejects.toThrow('Password attempts exceeded')
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 1_000)
    await expect(self.signIn('wrong')).rejects.toThrow('Incorrect username or password.')
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 1_000)
    await expect(self.signIn()).rejects.toThrow('Password attempts exceeded')
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 1_000)
    await expect(self.signIn()).resolves.toHaveProperty('AccessToken')
  })

  test('is refused to a disabled user, whose sessions end, until enabled again', async () => {
    const self = await people()
    await self.join()
    const tokens = await self.signIn()
    await self.asAdmin('AdminDisableUser', { Username: EMAIL })
    await expect(self.signIn()).rejects.toThrow('User is disabled.')
    await expect(self.withToken('GetUser', { AccessToken: tokens.AccessToken })).rejects.toMatchObject({
      code: 'NotAuthorizedException',
    })
    await self.asAdmin('AdminEnableUser', { Username: EMAIL })
    await expect(self.signIn()).resolves.toHaveProperty('AccessToken')
  })

  test('by a flow that is not emulated is refused by name', async () => {
    const self = await people()
    await expect(
      self.asClient('InitiateAuth', { AuthFlow: 'USER_SRP_AUTH', SecretHash: 'x' }),
    ).rejects.toThrow('SecretHash')
    const input = { ClientId: self.clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: {} }
    await expect(self.withToken('InitiateAuth', input)).rejects.toThrow('USER_SRP_AUTH')
  })
})

describe('a session', () => {
  test('is refreshed with new tokens of the same origin, hashed with the user name and not the address', async () => {
    const self = await people()
    await self.join()
    const first = await self.signIn()
    const { sub, origin_jti, auth_time } = claimsOf(first.AccessToken)
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 10 * MINUTE_MS)
    const refreshed = await self.refresh(first.RefreshToken ?? '', String(sub))
    expect(refreshed.RefreshToken).toBeUndefined()
    expect(claimsOf(refreshed.AccessToken)).toMatchObject({ sub, origin_jti, auth_time })
    expect(claimsOf(refreshed.AccessToken).jti).not.toBe(claimsOf(first.AccessToken).jti)
    await expect(self.refresh(first.RefreshToken ?? '', EMAIL)).rejects.toThrow(
      'Unable to verify secret hash',
    )
  })

  test('ends with its access token after 15 minutes and with its refresh token after 180 days', async () => {
    const self = await people()
    await self.join()
    const { AccessToken, RefreshToken = '' } = await self.signIn()
    const { sub } = claimsOf(AccessToken)
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 15 * MINUTE_MS)
    await expect(self.withToken('GetUser', { AccessToken })).rejects.toThrow('Access Token has expired')
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 180 * 24 * 60 * MINUTE_MS)
    await expect(self.refresh(RefreshToken, String(sub))).rejects.toThrow('Refresh Token has expired')
  })

  test('that is revoked takes its access tokens with it and leaves others alone', async () => {
    const self = await people()
    await self.join()
    const [one, other] = [await self.signIn(), await self.signIn()]
    const sub = String(claimsOf(one.AccessToken).sub)
    const { secret } = await clientSecret(self)
    await self.withToken('RevokeToken', {
      ClientId: self.clientId,
      ClientSecret: secret,
      Token: one.RefreshToken,
    })
    await expect(self.refresh(one.RefreshToken ?? '', sub)).rejects.toThrow('Refresh Token has been revoked')
    await expect(self.withToken('GetUser', { AccessToken: one.AccessToken })).rejects.toThrow(
      'Access Token has been revoked',
    )
    await expect(self.withToken('GetUser', { AccessToken: other.AccessToken })).resolves.toMatchObject({
      Username: sub,
    })
    await self.withToken('GlobalSignOut', { AccessToken: other.AccessToken })
    await expect(self.withToken('GetUser', { AccessToken: other.AccessToken })).rejects.toThrow('revoked')
  })

  test('is not opened by a forged token', async () => {
    const self = await people()
    await self.join()
    const [head = '', , signature = ''] = (await self.signIn()).AccessToken.split('.')
    const forged = Buffer.from(
      JSON.stringify({ ...claimsOf((await self.signIn()).AccessToken), username: 'root' }),
    ).toString('base64url')
    await expect(
      self.withToken('GetUser', { AccessToken: `${head}.${forged}.${signature}` }),
    ).rejects.toThrow('Invalid Access Token')
    await expect(self.withToken('GetUser', { AccessToken: 'nonsense' })).rejects.toThrow(
      'Invalid Access Token',
    )
  })
})

test('a forgotten password is set anew with a mailed code, once and within an hour', async () => {
  const self = await people()
  await self.join()
  await self.asClient('ForgotPassword', { Username: EMAIL })
  const ConfirmationCode = self.lastCode()
  const reset = (Password: string) =>
    self.asClient('ConfirmForgotPassword', { Username: EMAIL, ConfirmationCode, Password })
  await expect(reset('weak')).rejects.toMatchObject({ code: 'InvalidPasswordException' })
  await reset('Rainy-day-43')
  await expect(self.signIn(PASSWORD)).rejects.toMatchObject({ code: 'NotAuthorizedException' })
  await expect(self.signIn('Rainy-day-43')).resolves.toHaveProperty('IdToken')
  await expect(reset('Rainy-day-44')).rejects.toMatchObject({ code: 'ExpiredCodeException' })
  await self.asClient('ForgotPassword', { Username: EMAIL })
  const late = { Username: EMAIL, ConfirmationCode: self.lastCode(), Password: PASSWORD }
  await self.cloud.clock.advanceTo(self.cloud.clock.now() + 60 * MINUTE_MS)
  await expect(self.asClient('ConfirmForgotPassword', late)).rejects.toMatchObject({
    code: 'ExpiredCodeException',
  })
})

test('asking for a forgotten password answers alike for unknown, unconfirmed and known addresses', async () => {
  const self = await people()
  const ask = () => self.asClient('ForgotPassword', { Username: EMAIL })
  const unknown = await ask()
  await self.signUp()
  const unconfirmed = await ask()
  await self.asClient('ConfirmSignUp', { Username: EMAIL, ConfirmationCode: self.lastCode() })
  expect([unknown, unconfirmed]).toEqual([await ask(), await ask()])
})

test('the sixth request for a code within an hour is refused', async () => {
  const self = await people()
  await self.join()
  for (let i = 0; i < 5; i++) await self.asClient('ForgotPassword', { Username: EMAIL })
  await expect(self.asClient('ForgotPassword', { Username: EMAIL })).rejects.toMatchObject({
    code: 'LimitExceededException',
    message: 'Attempt limit exceeded, please try after some time.',
  })
})

async function clientSecret(self: Awaited<ReturnType<typeof people>>): Promise<{ secret: string }> {
  type Answer = { UserPoolClient: { ClientSecret: string } }
  const { UserPoolClient } = await self.asAdmin<Answer>('DescribeUserPoolClient', { ClientId: self.clientId })
  return { secret: UserPoolClient.ClientSecret }
}
