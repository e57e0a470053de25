import { randomBytes, randomUUID } from 'node:crypto'
import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalTime } from '../../contract.ts'
import { type Cognito, issuerOf } from './cognito.ts'
import { signJwt } from './jwt.ts'
import type { Group, Session, User, UserPool, UserPoolClient, Validity } from './state.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const

const seconds = (at: LocalTime): number => Math.floor(at / 1000)

export const secondsOf = ({ value, unit }: Validity): number => value * SECONDS[unit]

/** Starts a session: the sign-in whose tokens share one `origin_jti`. */
export function startSession(pool: UserPool, client: UserPoolClient, user: User, now: LocalTime): Session {
  for (const [originJti, session] of pool.sessions)
    if (session.expiresAt + DAY_MS <= now) pool.sessions.delete(originJti)
  const session: Session = {
    originJti: randomUUID(),
    refreshToken: opaqueToken(),
    replaced: new Map(),
    username: user.username,
    clientId: client.id,
    eventId: randomUUID(),
    authTime: now,
    expiresAt: now + secondsOf(client.refreshTokenValidity) * 1000,
    revoked: false,
  }
  pool.sessions.set(session.originJti, session)
  return session
}

/** The session that a refresh token belongs to, also one that rotation has replaced. */
export function sessionOf(pool: UserPool, refreshToken: string): Session | undefined {
  for (const session of pool.sessions.values())
    if (session.refreshToken === refreshToken || session.replaced.has(refreshToken)) return session
  return undefined
}

/** Gives the session a new refresh token, good for as long as the first one; the old one ends at `refusedFrom`. */
export function rotate(session: Session, used: string, refusedFrom: LocalTime): void {
  if (used !== session.refreshToken) return
  session.replaced.set(used, refusedFrom)
  session.refreshToken = opaqueToken()
}

/** Fresh access and ID tokens of a session, with the claims that Cognito gives them. */
export function issueTokens(
  { cloud }: Cognito,
  pool: UserPool,
  client: UserPoolClient,
  user: User,
  session: Session,
): AuthenticationResultType {
  const now = cloud.clock.now()
  const groups = groupsOf(pool, user)
  const names = groups.map(group => group.name)
  const common = {
    sub: user.attributes.sub,
    ...(names.length > 0 ? { 'cognito:groups': names } : {}),
    iss: issuerOf(cloud, pool.id),
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
    exp: seconds(now) + secondsOf(client.accessTokenValidity),
    jti: randomUUID(),
    username: user.username,
  }
  const id = {
    ...common,
    ...claimsOf(user),
    ...rolesOf(groups),
    'cognito:username': user.username,
    aud: client.id,
    token_use: 'id',
    exp: seconds(now) + secondsOf(client.idTokenValidity),
    jti: randomUUID(),
  }
  return {
    AccessToken: signJwt(pool.signingKeys.access, access),
    ExpiresIn: secondsOf(client.accessTokenValidity),
    TokenType: 'Bearer',
    IdToken: signJwt(pool.signingKeys.id, id),
  }
}

/** The user's groups, the most important first: the lower its precedence, the more important a group. */
function groupsOf(pool: UserPool, user: User): Group[] {
  const rank = (group: Group): number => group.precedence ?? Number.POSITIVE_INFINITY
  const groups = [...pool.groups.values()].filter(group => user.groups.has(group.name))
  return groups.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
}

function rolesOf(groups: readonly Group[]): Record<string, unknown> {
  const roles = groups.flatMap(group => (group.roleArn === undefined ? [] : [group.roleArn]))
  return roles.length === 0 ? {} : { 'cognito:roles': roles, 'cognito:preferred_role': roles[0] }
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
