import { randomBytes, randomUUID } from 'node:crypto'
import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalTime } from '../../contract.ts'
import { signJwt } from './jwt.ts'
import type { Session, User, UserPool, UserPoolClient } from './state.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const seconds = (at: LocalTime): number => Math.floor(at / 1000)

/** Starts a session: the sign-in whose tokens share one `origin_jti`. */
export function startSession(pool: UserPool, client: UserPoolClient, user: User, now: LocalTime): Session {
  for (const [originJti, session] of pool.sessions)
    if (session.expiresAt + DAY_MS <= now) pool.sessions.delete(originJti)
  const session: Session = {
    originJti: randomUUID(),
    refreshToken: opaqueToken(),
    username: user.username,
    clientId: client.id,
    eventId: randomUUID(),
    authTime: now,
    expiresAt: now + client.refreshTokenSeconds * 1000,
    revoked: false,
  }
  pool.sessions.set(session.originJti, session)
  return session
}

/** Fresh access and ID tokens of a session, with the claims that Cognito gives them. */
export function issueTokens(
  pool: UserPool,
  client: UserPoolClient,
  user: User,
  session: Session,
  now: LocalTime,
): AuthenticationResultType {
  const groups = user.groups.size > 0 ? { 'cognito:groups': [...user.groups] } : {}
  const common = {
    sub: user.attributes.sub,
    ...groups,
    iss: pool.providerUrl,
    ...(client.revocation ? { origin_jti: session.originJti } : {}),
    event_id: session.eventId,
    auth_time: seconds(session.authTime),
    iat: seconds(now),
  }
  const access = {
    ...common,
    client_id: client.id,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    exp: seconds(now) + client.accessTokenSeconds,
    jti: randomUUID(),
    username: user.username,
  }
  const id = {
    ...common,
    ...claimsOf(user),
    'cognito:username': user.username,
    aud: client.id,
    token_use: 'id',
    exp: seconds(now) + client.idTokenSeconds,
    jti: randomUUID(),
  }
  return {
    AccessToken: signJwt(pool.signingKey, access),
    ExpiresIn: client.accessTokenSeconds,
    TokenType: 'Bearer',
    IdToken: signJwt(pool.signingKey, id),
  }
}

/** Attributes as claims: the verification flags become booleans. */
const claimsOf = (user: User): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(user.attributes).map(([name, value]) => [
      name,
      name.endsWith('_verified') ? value === 'true' : value,
    ]),
  )

export function revokeSessionsOf(pool: UserPool, user: User): void {
  for (const session of pool.sessions.values()) if (session.username === user.username) session.revoked = true
}

/**
 * Unreadable like Cognito's, and as long: an encrypted token of five parts and about 1,780 characters. Length matters to
 * whoever keeps it in a cookie.
 */
function opaqueToken(): string {
  const header = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url')
  return [header, ...[256, 12, 1000, 16].map(bytes => randomBytes(bytes).toString('base64url'))].join('.')
}
