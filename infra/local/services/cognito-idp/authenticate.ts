import type { InitiateAuthResponse } from '@aws-sdk/client-cognito-identity-provider'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'
import { startChallenge } from './challenges.ts'
import type { Cognito } from './cognito.ts'
import { badCredentials, invalidParameter, notAuthorized, userDisabled, userNotFound } from './errors.ts'
import { checkPassword } from './password.ts'
import { checkSecretHash } from './secret-hash.ts'
import { issueTokens, sessionOf, startSession } from './sessions.ts'
import type { Session, User, UserPool, UserPoolClient } from './state.ts'
import { findUser } from './users.ts'

/** An authentication: where it happens and what the caller says, such as `USERNAME` and `PASSWORD`. */
export type Attempt = {
  readonly cognito: Cognito
  readonly pool: UserPool
  readonly client: UserPoolClient
  readonly parameters: Readonly<Record<string, string>>
}

export function requireFlow({ client }: Attempt, flow: string, refusal: string): void {
  if (!client.flows.includes(`ALLOW_${flow}`)) throw invalidParameter(refusal)
}

/** The parameters a flow takes; AWS knows more of them, which concern devices and analytics. */
export function knownParameters({ parameters }: Attempt, flow: string, known: readonly string[]): void {
  refuseUnknown(`cognito-idp ${flow}`, parameters, [...known, 'SECRET_HASH'])
}

export function required({ parameters }: Attempt, name: string): string {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (!value) throw invalidParameter(`Missing required parameter ${name}`)
  return value
}

/** The `USERNAME` of a caller that knows the client's secret. */
export function spokenUsername(attempt: Attempt): string {
  const username = required(attempt, 'USERNAME')
  checkSecretHash(attempt.client, username, attempt.parameters.SECRET_HASH)
  return username
}

/** `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`. */
export function withPassword(attempt: Attempt): InitiateAuthResponse {
  const username = spokenUsername(attempt)
  return admit(attempt, provenBy(attempt, username, required(attempt, 'PASSWORD')))
}

/** The user, where the password is right. A client that masks users tells the unknown from a wrong password by nothing. */
export function provenBy({ cognito, pool, client }: Attempt, username: string, password: string): User {
  const user = findUser(pool, username)
  if (!user) throw client.masksUserExistence ? badCredentials() : userNotFound()
  if (user.status === 'RESET_REQUIRED')
    throw new ServiceError('PasswordResetRequiredException', 'Password reset required for the user')
  checkPassword(user, password, cognito.cloud.clock.now())
  return user
}

/** Tokens for a user who has shown a factor, or the challenge that stands before them. */
export function admit(attempt: Attempt, user: User): InitiateAuthResponse {
  if (!user.enabled) throw userDisabled()
  if (user.status === 'UNCONFIRMED')
    throw new ServiceError('UserNotConfirmedException', 'User is not confirmed.')
  return user.status === 'FORCE_CHANGE_PASSWORD' ? askForPassword(attempt, user) : signIn(attempt, user)
}

export function signIn({ cognito, pool, client }: Attempt, user: User): InitiateAuthResponse {
  const session = startSession(pool, client, user, cognito.cloud.clock.now())
  cognito.cloud.clock.wrote()
  const tokens = issueTokens(cognito, pool, client, user, session)
  return {
    ChallengeParameters: {},
    AuthenticationResult: { ...tokens, RefreshToken: session.refreshToken },
  }
}

function askForPassword({ cognito, pool, client }: Attempt, user: User): InitiateAuthResponse {
  const { clock } = cognito.cloud
  const { sub: _, ...attributes } = user.attributes
  const missing = pool.schema.filter(one => one.required && one.name !== 'sub' && !attributes[one.name])
  clock.wrote()
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: startChallenge(pool, client, 'NEW_PASSWORD_REQUIRED', user.username, clock.now()),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map(one => `userAttributes.${one.name}`)),
      userAttributes: JSON.stringify(attributes),
    },
  }
}

/** `REFRESH_TOKEN_AUTH`: fresh access and ID tokens. */
export function withRefreshToken(attempt: Attempt): InitiateAuthResponse {
  const { cognito, pool, client, parameters } = attempt
  knownParameters(attempt, 'REFRESH_TOKEN_AUTH', ['REFRESH_TOKEN', 'USERNAME'])
  requireFlow(attempt, 'REFRESH_TOKEN_AUTH', 'Auth flow not enabled for this client')
  if (client.rotationGraceSeconds !== undefined)
    throw new ServiceError(
      'UnsupportedOperationException',
      'Refresh token rotation is enabled for this client; use GetTokensFromRefreshToken.',
    )
  const { user, session } = refreshable(attempt, required(attempt, 'REFRESH_TOKEN'))
  checkSecretHash(client, user.username, parameters.SECRET_HASH)
  return {
    ChallengeParameters: {},
    AuthenticationResult: issueTokens(cognito, pool, client, user, session),
  }
}

/** The session of a refresh token that is good, and its user. */
export function refreshable(
  { cognito, pool, client }: Omit<Attempt, 'parameters'>,
  refreshToken: string,
): { user: User; session: Session } {
  const session = sessionOf(pool, refreshToken)
  const user = session ? pool.users.get(session.username) : undefined
  if (!session || !user || session.clientId !== client.id) throw notAuthorized('Invalid Refresh Token')
  const now = cognito.cloud.clock.now()
  if (session.revoked) throw notAuthorized('Refresh Token has been revoked')
  if (session.expiresAt <= now) throw notAuthorized('Refresh Token has expired')
  if ((session.replaced.get(refreshToken) ?? Number.POSITIVE_INFINITY) <= now)
    throw new ServiceError(
      'RefreshTokenReuseException',
      'The refresh token has been invalidated by rotation.',
    )
  if (!user.enabled) throw userDisabled()
  return { user, session }
}

/** Flows that AWS has and this emulator does not. */
export function otherFlow(flow: string): never {
  throw new UnsupportedError(`the authentication flow ${flow}`)
}
