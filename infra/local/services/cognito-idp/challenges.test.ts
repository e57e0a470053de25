import type { InitiateAuthResponse } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, test } from 'vitest'
import { EMAIL, PASSWORD, type People, people } from './testing/people.ts'

const MINUTE_MS = 60_000
const CHOOSING = {
  ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
}

const said = (self: People, more: Record<string, string> = {}, email = EMAIL) => ({
  USERNAME: email,
  SECRET_HASH: self.hash(email),
  ...more,
})
const choose = (self: People, more: Record<string, string> = {}, Session?: string, email = EMAIL) =>
  self.withToken<InitiateAuthResponse>('InitiateAuth', {
    AuthFlow: 'USER_AUTH',
    ClientId: self.clientId,
    AuthParameters: said(self, more, email),
    Session,
  })
const answer = (
  self: People,
  ChallengeName: string,
  Session: unknown,
  more: Record<string, string>,
  email = EMAIL,
) =>
  self.withToken<InitiateAuthResponse>('RespondToAuthChallenge', {
    ChallengeName,
    Session,
    ClientId: self.clientId,
    ChallengeResponses: said(self, more, email),
  })
const codeOf = (self: People, email: string) =>
  /\d{6}/.exec(self.mails.find(mail => mail.to === email)?.text ?? '')?.[0] ?? ''
const later = (self: People, ms: number) => self.cloud.clock.advanceTo(self.cloud.clock.now() + ms)

describe('the session of an authentication', () => {
  test('ends after three minutes, or what the client says', async () => {
    const self = await people({}, { ...CHOOSING, AuthSessionValidity: 5 })
    await self.join()
    const { Session } = await choose(self)
    await later(self, 5 * MINUTE_MS - 1)
    await expect(answer(self, 'SELECT_CHALLENGE', Session, { ANSWER: 'PASSWORD' })).resolves.toMatchObject({
      ChallengeName: 'PASSWORD',
    })
    const again = await choose(self)
    await later(self, 5 * MINUTE_MS)
    await expect(
      answer(self, 'SELECT_CHALLENGE', again.Session, { ANSWER: 'PASSWORD', PASSWORD }),
    ).rejects.toThrow('Invalid session for the user, session is expired.')
  })

  test('is used up by a wrong password and not by a missing one', async () => {
    const self = await people({}, CHOOSING)
    await self.join()
    const { Session } = await choose(self, { PREFERRED_CHALLENGE: 'PASSWORD' })
    await expect(answer(self, 'PASSWORD', Session, {})).rejects.toThrow('Missing required parameter PASSWORD')
    await expect(answer(self, 'PASSWORD', Session, { PASSWORD: 'wrong' })).rejects.toThrow(
      'Incorrect username or password.',
    )
    await expect(answer(self, 'PASSWORD', Session, { PASSWORD })).rejects.toThrow(
      'Invalid session for the user, session can only be used once.',
    )
  })

  test('belongs to one challenge, one client and one user', async () => {
    const self = await people({}, CHOOSING)
    await self.join()
    const { Session } = await choose(self)
    await expect(answer(self, 'PASSWORD', Session, { PASSWORD })).rejects.toThrow(
      'Invalid session for the user.',
    )
    await expect(
      answer(self, 'SELECT_CHALLENGE', Session, { ANSWER: 'PASSWORD', PASSWORD }, 'x@example.com'),
    ).rejects.toThrow('Invalid session for the user.')
    await expect(answer(self, 'PASSWORD', undefined, { PASSWORD })).rejects.toThrow(
      'Missing required parameter Session',
    )
    await expect(answer(self, 'SMS_OTP', Session, {})).rejects.toThrow('the challenge SMS_OTP')
  })

  test('is handed to nobody in particular where a client masks users', async () => {
    const self = await people({}, CHOOSING)
    const { ChallengeName, Session } = await choose(self)
    expect(ChallengeName).toBe('SELECT_CHALLENGE')
    await expect(answer(self, 'SELECT_CHALLENGE', Session, { ANSWER: 'PASSWORD', PASSWORD })).rejects.toThrow(
      'Incorrect username or password.',
    )
    const open = await people({}, { ...CHOOSING, PreventUserExistenceErrors: 'LEGACY' })
    await expect(choose(open)).rejects.toMatchObject({ code: 'UserNotFoundException' })
  })
})

describe('the session of a sign-up', () => {
  test('is given only where the client lets people choose a factor', async () => {
    const self = await people()
    const plain = await self.asClient('SignUp', { Username: EMAIL, Password: PASSWORD })
    expect(plain).not.toHaveProperty('Session')
    await expect(choose(self)).rejects.toThrow('USER_AUTH flow not enabled for this client')
  })

  test('signs in right after the code and once, for three minutes', async () => {
    const self = await people({}, CHOOSING)
    const { Session } = await self.asClient('SignUp', { Username: EMAIL, Password: PASSWORD })
    const code = { Username: EMAIL, ConfirmationCode: self.lastCode() }
    const confirmed = await self.asClient('ConfirmSignUp', { ...code, Session })
    const signedIn = await choose(self, {}, String(confirmed.Session))
    expect(signedIn.AuthenticationResult).toHaveProperty('RefreshToken')
    await expect(choose(self, {}, String(confirmed.Session))).rejects.toThrow('can only be used once')
  })

  test('that was not sent along gives none to go on with', async () => {
    const self = await people({}, CHOOSING)
    await self.signUp()
    const code = { Username: EMAIL, ConfirmationCode: self.lastCode() }
    expect(await self.asClient('ConfirmSignUp', code)).toEqual({})
  })

  test('of one user does not confirm or sign in another', async () => {
    const self = await people({}, CHOOSING)
    const other = 'donald@example.com'
    const { Session } = await self.asClient('SignUp', { Username: other, Password: PASSWORD })
    await self.signUp()
    const code = { Username: EMAIL, ConfirmationCode: self.lastCode() }
    await expect(self.asClient('ConfirmSignUp', { ...code, Session })).rejects.toThrow('Invalid session')
    await self.asClient('ConfirmSignUp', code)
    const own = { Username: other, ConfirmationCode: codeOf(self, other) }
    const confirmed = await self.asClient('ConfirmSignUp', { ...own, Session })
    await expect(choose(self, {}, String(confirmed.Session))).rejects.toThrow('Invalid session for the user.')
    expect(await choose(self, {}, String(confirmed.Session), other)).toHaveProperty('AuthenticationResult')
  })
})

test('an invited user names missing attributes with the new password, and changes none that is there', async () => {
  const Schema = [
    { Name: 'email', Required: true },
    { Name: 'given_name', Required: true },
  ]
  const self = await people({ Schema })
  const person = { Username: EMAIL, UserAttributes: [{ Name: 'given_name', Value: 'Dora' }] }
  await self.asAdmin('AdminCreateUser', { ...person, TemporaryPassword: PASSWORD })
  const asked = async () =>
    (
      await self.withToken<InitiateAuthResponse>('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: self.clientId,
        AuthParameters: said(self, { PASSWORD }),
      })
    ).Session
  const change = { NEW_PASSWORD: 'Rainy-day-43', 'userAttributes.email': 'x@example.com' }
  await expect(answer(self, 'NEW_PASSWORD_REQUIRED', await asked(), change)).rejects.toThrow(
    'Cannot modify an already provided email',
  )
  const named = { NEW_PASSWORD: 'Rainy-day-43', 'userAttributes.family_name': 'Explorer' }
  await answer(self, 'NEW_PASSWORD_REQUIRED', await asked(), named)
  expect(await self.asAdmin('AdminGetUser', { Username: EMAIL })).toMatchObject({
    UserStatus: 'CONFIRMED',
    UserAttributes: expect.arrayContaining([{ Name: 'family_name', Value: 'Explorer' }]),
  })
})

test('a password that an administrator reset opens nothing until the mailed code has set a new one', async () => {
  const self = await people()
  await self.join()
  await self.asAdmin('AdminResetUserPassword', { Username: EMAIL })
  await expect(self.signIn()).rejects.toMatchObject({ code: 'PasswordResetRequiredException' })
  const reset = { Username: EMAIL, ConfirmationCode: self.lastCode(), Password: 'Rainy-day-43' }
  await self.asClient('ConfirmForgotPassword', reset)
  await expect(self.signIn('Rainy-day-43')).resolves.toHaveProperty('AccessToken')
})

test('a replaced refresh token is good for its grace period and then never again', async () => {
  const self = await people({}, { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 } })
  await self.join()
  const { RefreshToken = '', AccessToken } = await self.signIn()
  const { UserPoolClient } = await self.asAdmin<{ UserPoolClient: { ClientSecret: string } }>(
    'DescribeUserPoolClient',
    { ClientId: self.clientId },
  )
  const renew = (token: unknown) =>
    self.withToken<{ AuthenticationResult: { RefreshToken: string } }>('GetTokensFromRefreshToken', {
      ClientId: self.clientId,
      ClientSecret: UserPoolClient.ClientSecret,
      RefreshToken: token,
    })
  const next = (await renew(RefreshToken)).AuthenticationResult.RefreshToken
  await later(self, MINUTE_MS - 1)
  expect((await renew(RefreshToken)).AuthenticationResult.RefreshToken).toBe(next)
  await later(self, 1)
  await expect(renew(RefreshToken)).rejects.toMatchObject({ code: 'RefreshTokenReuseException' })
  const { sub } = JSON.parse(Buffer.from(AccessToken.split('.')[1] ?? '', 'base64url').toString())
  await expect(self.refresh(next, sub)).rejects.toMatchObject({ code: 'UnsupportedOperationException' })
  await later(self, 180 * 24 * 60 * MINUTE_MS)
  await expect(renew(next)).rejects.toThrow('Refresh Token has expired')
})
