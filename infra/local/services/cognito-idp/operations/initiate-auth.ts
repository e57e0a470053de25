import type { InitiateAuthRequest, InitiateAuthResponse } from '@aws-sdk/client-cognito-identity-provider'
import { ServiceError, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { badCredentials, invalidParameter, notAuthorized, userDisabled, userNotFound } from '../errors.ts'
import { checkPassword } from '../password.ts'
import { checkSecretHash } from '../secret-hash.ts'
import { issueTokens, startSession } from '../sessions.ts'
import type { UserPool, UserPoolClient } from '../state.ts'
import { findUser } from '../users.ts'

type Parameters = Readonly<Record<string, string>>

/** Signs in with a password, or refreshes a session. */
export const initiateAuth =
  (cognito: Cognito) =>
  (input: InitiateAuthRequest): InitiateAuthResponse => {
    refuseUnknown('cognito-idp InitiateAuth', input, [
      'AuthFlow',
      'AuthParameters',
      'ClientId',
      'ClientMetadata',
    ])
    const { pool, client } = clientOf(cognito, input.ClientId)
    const parameters = input.AuthParameters ?? {}
    switch (input.AuthFlow) {
      case 'USER_PASSWORD_AUTH':
        refuseUnknown('cognito-idp USER_PASSWORD_AUTH', parameters, ['USERNAME', 'PASSWORD', 'SECRET_HASH'])
        return withPassword(cognito, pool, client, parameters)
      case 'REFRESH_TOKEN_AUTH':
      case 'REFRESH_TOKEN':
        refuseUnknown('cognito-idp REFRESH_TOKEN_AUTH', parameters, [
          'REFRESH_TOKEN',
          'SECRET_HASH',
          'USERNAME',
        ])
        return withRefreshToken(cognito, pool, client, parameters)
      default:
        throw new UnsupportedError(`the authentication flow ${input.AuthFlow}`)
    }
  }

function withPassword(
  cognito: Cognito,
  pool: UserPool,
  client: UserPoolClient,
  parameters: Parameters,
): InitiateAuthResponse {
  if (!client.flows.includes('ALLOW_USER_PASSWORD_AUTH')) {
    throw invalidParameter('USER_PASSWORD_AUTH flow not enabled for this client')
  }
  const { USERNAME = '', PASSWORD = '' } = parameters
  if (!USERNAME) throw invalidParameter('Missing required parameter USERNAME')
  checkSecretHash(client, USERNAME, parameters.SECRET_HASH)
  if (!PASSWORD) throw invalidParameter('Missing required parameter PASSWORD')
  const now = cognito.cloud.clock.now()
  const user = findUser(pool, USERNAME)
  if (!user) throw client.masksUserExistence ? badCredentials() : userNotFound()
  checkPassword(user, PASSWORD, now)
  if (!user.enabled) throw userDisabled()
  if (user.status === 'UNCONFIRMED')
    throw new ServiceError('UserNotConfirmedException', 'User is not confirmed.')
  if (user.status === 'FORCE_CHANGE_PASSWORD')
    throw new UnsupportedError('the challenge NEW_PASSWORD_REQUIRED')
  const session = startSession(pool, client, user, now)
  cognito.cloud.clock.wrote()
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      ...issueTokens(pool, client, user, session, now),
      RefreshToken: session.refreshToken,
    },
  }
}

function withRefreshToken(
  cognito: Cognito,
  pool: UserPool,
  client: UserPoolClient,
  parameters: Parameters,
): InitiateAuthResponse {
  if (!client.flows.includes('ALLOW_REFRESH_TOKEN_AUTH'))
    throw notAuthorized('Auth flow not enabled for this client')
  if (!parameters.REFRESH_TOKEN) throw invalidParameter('Missing required parameter REFRESH_TOKEN')
  const session = [...pool.sessions.values()].find(
    candidate => candidate.refreshToken === parameters.REFRESH_TOKEN,
  )
  const user = session ? pool.users.get(session.username) : undefined
  if (!session || !user || session.clientId !== client.id) throw notAuthorized('Invalid Refresh Token')
  checkSecretHash(client, user.username, parameters.SECRET_HASH)
  const now = cognito.cloud.clock.now()
  if (session.revoked) throw notAuthorized('Refresh Token has been revoked')
  if (session.expiresAt <= now) throw notAuthorized('Refresh Token has expired')
  if (!user.enabled) throw userDisabled()
  return { ChallengeParameters: {}, AuthenticationResult: issueTokens(pool, client, user, session, now) }
}
