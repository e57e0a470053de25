import { createHmac } from 'node:crypto'
import {
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DescribeUserPoolClientCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { ok, type Result } from '#kernel/result'
import type { Identity, Tokens } from './identity.ts'
import { identityFailure, sortCognitoError } from './identity-failures.ts'

export type CognitoClientConfig = { readonly clientId: string; readonly clientSecret: string }

/** Reads the confidential client's secret, so that it lies in no environment variable. Once per cold start. */
export async function readClientSecret(
  cognito: CognitoIdentityProviderClient,
  userPoolId: string,
  clientId: string,
): Promise<string> {
  const answer = await cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId: userPoolId, ClientId: clientId }),
  )
  const secret = answer.UserPoolClient?.ClientSecret
  if (!secret) throw new Error('The user pool client has no secret; the portal needs a confidential client')
  return secret
}

/** The identity port on a Cognito user pool, as a confidential client with password sign-in from the server. */
export function createCognitoIdentity(
  cognito: CognitoIdentityProviderClient,
  { clientId, clientSecret }: CognitoClientConfig,
): Identity {
  const as = (username: string) => ({
    ClientId: clientId,
    Username: username,
    SecretHash: secretHash(username, clientId, clientSecret),
  })
  const authenticate = async (
    flow: 'USER_PASSWORD_AUTH' | 'USER_AUTH' | 'REFRESH_TOKEN_AUTH',
    username: string,
    parameters: Readonly<Record<string, string>>,
    session?: string,
  ): Promise<AuthenticationResultType> => {
    const hash = secretHash(username, clientId, clientSecret)
    const answer = await cognito.send(
      new InitiateAuthCommand({
        AuthFlow: flow,
        ClientId: clientId,
        AuthParameters: { ...parameters, SECRET_HASH: hash },
        ...(session ? { Session: session } : {}),
      }),
    )
    if (!answer.AuthenticationResult)
      throw new Error(
        `Cognito asked for the challenge ${answer.ChallengeName}, which the portal does not offer`,
      )
    return answer.AuthenticationResult
  }

  return {
    signUp: (email, password) =>
      expected(
        async () => {
          const attributes = [{ Name: 'email', Value: email }]
          const answer = await cognito.send(
            new SignUpCommand({ ...as(email), Password: password, UserAttributes: attributes }),
          )
          if (!answer.UserSub) throw new Error('Cognito answered a sign-up without a sub')
          return { userId: answer.UserSub, ...(answer.Session ? { session: answer.Session } : {}) }
        },
        { InvalidParameterException: 'invalid_email', NotAuthorizedException: 'already_registered' },
      ),

    confirmSignUp: (email, code, session) =>
      expected(
        async () => {
          const answer = await cognito.send(
            new ConfirmSignUpCommand({
              ...as(email),
              ConfirmationCode: code,
              ...(session ? { Session: session } : {}),
            }),
          )
          return answer.Session ? { session: answer.Session } : {}
        },
        { UserNotFoundException: 'expired_code', InvalidParameterException: 'wrong_code' },
      ),

    resendCode: email =>
      expected(
        async () => {
          await cognito.send(new ResendConfirmationCodeCommand(as(email)))
          return null
        },
        { InvalidParameterException: 'already_confirmed' },
      ),

    signIn: (email, password) =>
      expected(
        async () =>
          tokensOf(await authenticate('USER_PASSWORD_AUTH', email, { USERNAME: email, PASSWORD: password })),
        { InvalidParameterException: 'wrong_credentials' },
      ),

    continueSession: (email, session) =>
      expected(async () => tokensOf(await authenticate('USER_AUTH', email, { USERNAME: email }, session)), {
        InvalidParameterException: 'session_expired',
        NotAuthorizedException: 'session_expired',
      }),

    refresh: (refreshToken, username) =>
      expected(
        async () => {
          const answer = await authenticate('REFRESH_TOKEN_AUTH', username, { REFRESH_TOKEN: refreshToken })
          if (!answer.IdToken) throw new Error('Cognito answered a refresh without an ID token')
          return { idToken: answer.IdToken }
        },
        { NotAuthorizedException: 'session_expired', UserNotFoundException: 'session_expired' },
      ),

    async signOut(refreshToken) {
      await cognito.send(
        new RevokeTokenCommand({ ClientId: clientId, ClientSecret: clientSecret, Token: refreshToken }),
      )
    },

    forgotPassword: email =>
      expected(async () => {
        await cognito.send(new ForgotPasswordCommand(as(email)))
        return null
      }),

    resetPassword: (email, code, password) =>
      expected(
        async () => {
          await cognito.send(
            new ConfirmForgotPasswordCommand({ ...as(email), ConfirmationCode: code, Password: password }),
          )
          return null
        },
        { UserNotFoundException: 'expired_code', InvalidParameterException: 'wrong_code' },
      ),
  }
}

/** Runs one operation; `overrides` names what an error means there, where that differs from the common reading. */
async function expected<T>(
  run: () => Promise<T>,
  overrides: Readonly<Record<string, Parameters<typeof identityFailure>[0]>> = {},
): Promise<Result<T>> {
  try {
    return ok(await run())
  } catch (error) {
    const override = error instanceof Error ? overrides[error.name] : undefined
    const failure = override ? identityFailure(override) : sortCognitoError(error)
    if (!failure) throw error
    return failure
  }
}

function tokensOf(result: AuthenticationResultType): Tokens {
  if (!result.IdToken || !result.RefreshToken)
    throw new Error('Cognito answered a sign-in without its tokens')
  return { idToken: result.IdToken, refreshToken: result.RefreshToken }
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash */
const secretHash = (username: string, clientId: string, clientSecret: string): string =>
  createHmac('sha256', clientSecret)
    .update(username + clientId)
    .digest('base64')
