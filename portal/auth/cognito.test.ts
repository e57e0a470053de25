import { createHmac } from 'node:crypto'
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  DescribeUserPoolClientCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, expect, test } from 'vitest'
import { createCognitoIdentity, readClientSecret } from './cognito.ts'

const cognito = mockClient(CognitoIdentityProviderClient)
const client = new CognitoIdentityProviderClient({ region: 'us-east-1' })
const identity = createCognitoIdentity(client, { clientId: 'client', clientSecret: 'secret' })
const hashOf = (username: string) =>
  createHmac('sha256', 'secret').update(`${username}client`).digest('base64')
const thrown = (name: string, message = name) => Object.assign(new Error(message), { name })
const EMAIL = 'ada@example.com'

beforeEach(() => cognito.reset())

test('every call of the confidential client carries its secret hash, the refresh that of the pool’s own user name', async () => {
  const tokens = { AuthenticationResult: { IdToken: 'id', RefreshToken: 'refresh' } }
  cognito.on(InitiateAuthCommand).resolves(tokens)
  cognito.on(SignUpCommand).resolves({ UserSub: 'sub', UserConfirmed: false })
  expect(await identity.signUp(EMAIL, 'p')).toEqual({ ok: true, value: { userId: 'sub' } })
  expect(await identity.signIn(EMAIL, 'p')).toEqual({
    ok: true,
    value: { idToken: 'id', refreshToken: 'refresh' },
  })
  expect(await identity.refresh('refresh', 'sub')).toEqual({ ok: true, value: { idToken: 'id' } })
  const [signUp] = cognito.commandCalls(SignUpCommand)
  expect(signUp?.args[0].input).toMatchObject({ Username: EMAIL, SecretHash: hashOf(EMAIL) })
  const [signIn, refresh] = cognito.commandCalls(InitiateAuthCommand)
  expect(signIn?.args[0].input).toMatchObject({
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: EMAIL, PASSWORD: 'p', SECRET_HASH: hashOf(EMAIL) },
  })
  expect(refresh?.args[0].input).toMatchObject({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: 'refresh', SECRET_HASH: hashOf('sub') },
  })
})

test.each([
  [
    'a wrong password',
    'signIn',
    thrown('NotAuthorizedException', 'Incorrect username or password.'),
    'wrong_credentials',
  ],
  ['an unknown user', 'signIn', thrown('UserNotFoundException'), 'wrong_credentials'],
  [
    'too many wrong passwords',
    'signIn',
    thrown('NotAuthorizedException', 'Password attempts exceeded'),
    'too_many_attempts',
  ],
  ['an unconfirmed user', 'signIn', thrown('UserNotConfirmedException'), 'not_confirmed'],
  ['a known address', 'signUp', thrown('UsernameExistsException'), 'already_registered'],
  ['a weak password', 'signUp', thrown('InvalidPasswordException'), 'weak_password'],
  [
    'a malformed address',
    'signUp',
    thrown('InvalidParameterException', 'Invalid email address format.'),
    'invalid_email',
  ],
  ['a wrong code', 'confirm', thrown('CodeMismatchException'), 'wrong_code'],
  ['an expired code', 'confirm', thrown('ExpiredCodeException'), 'expired_code'],
  [
    'a used code',
    'confirm',
    thrown('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED'),
    'already_confirmed',
  ],
  [
    'a new code for a confirmed user',
    'resend',
    thrown('InvalidParameterException', 'User is already confirmed.'),
    'already_confirmed',
  ],
  ['too many reset codes', 'forgot', thrown('LimitExceededException'), 'too_many_attempts'],
  [
    'a revoked refresh token',
    'refresh',
    thrown('NotAuthorizedException', 'Refresh Token has been revoked'),
    'session_expired',
  ],
] as const)('%s is the failure %s', async (_, operation, error, code) => {
  cognito.onAnyCommand().rejects(error)
  const run = {
    signIn: () => identity.signIn(EMAIL, 'p'),
    signUp: () => identity.signUp(EMAIL, 'p'),
    confirm: () => identity.confirmSignUp(EMAIL, '1'),
    resend: () => identity.resendCode(EMAIL),
    forgot: () => identity.forgotPassword(EMAIL),
    refresh: () => identity.refresh('r', 'sub'),
  }
  expect(await run[operation]()).toMatchObject({ ok: false, code })
})

test('an outage is no failure of the person: it throws', async () => {
  cognito.on(ForgotPasswordCommand).rejects(thrown('InternalErrorException'))
  await expect(identity.forgotPassword(EMAIL)).rejects.toThrow('InternalErrorException')
})

test('the session of a sign-up is handed on to confirming and to signing in without a password', async () => {
  cognito.on(SignUpCommand).resolves({ UserSub: 'sub', UserConfirmed: false, Session: 's1' })
  cognito.on(ConfirmSignUpCommand).resolves({ Session: 's2' })
  cognito.on(InitiateAuthCommand).rejects(thrown('InvalidParameterException', 'USER_AUTH flow not enabled'))
  expect(await identity.signUp(EMAIL, 'p')).toMatchObject({ value: { session: 's1' } })
  expect(await identity.confirmSignUp(EMAIL, '1', 's1')).toEqual({ ok: true, value: { session: 's2' } })
  expect(await identity.continueSession(EMAIL, 's2')).toMatchObject({ ok: false, code: 'session_expired' })
  expect(cognito.commandCalls(ConfirmSignUpCommand)[0]?.args[0].input.Session).toBe('s1')
  expect(cognito.commandCalls(InitiateAuthCommand)[0]?.args[0].input.Session).toBe('s2')
})

test('signing out revokes the refresh token with the client secret', async () => {
  cognito.on(RevokeTokenCommand).resolves({})
  cognito.on(ResendConfirmationCodeCommand).resolves({})
  await identity.signOut('refresh')
  expect(cognito.commandCalls(RevokeTokenCommand)[0]?.args[0].input).toEqual({
    ClientId: 'client',
    ClientSecret: 'secret',
    Token: 'refresh',
  })
})

test('a public client is refused at start', async () => {
  cognito.on(DescribeUserPoolClientCommand).resolves({ UserPoolClient: {} })
  await expect(readClientSecret(client, 'pool', 'client')).rejects.toThrow('no secret')
  cognito.on(DescribeUserPoolClientCommand).resolves({ UserPoolClient: { ClientSecret: 'secret' } })
  expect(await readClientSecret(client, 'pool', 'client')).toBe('secret')
})
