import { type Cognito, issuerOf } from './cognito.ts'
import { notAuthorized, userDisabled, userNotFound } from './errors.ts'
import { type Claims, readJwt } from './jwt.ts'
import type { Session, User, UserPool } from './state.ts'

/** The user behind an access token. Throws `NotAuthorizedException` for tokens that are forged, expired or revoked. */
export function signedIn(
  cognito: Cognito,
  accessToken: string,
): { pool: UserPool; user: User; session: Session | undefined } {
  const { pool, claims } = read(cognito, accessToken)
  if (Number(claims.exp) * 1000 <= cognito.cloud.clock.now()) throw notAuthorized('Access Token has expired')
  const session = pool.sessions.get(String(claims.origin_jti))
  if (session?.revoked) throw notAuthorized('Access Token has been revoked')
  const user = pool.users.get(String(claims.username))
  if (!user) throw userNotFound()
  if (!user.enabled) throw userDisabled()
  return { pool, user, session }
}

function read(cognito: Cognito, token: string): { pool: UserPool; claims: Claims } {
  for (const pool of cognito.state.pools.values()) {
    const claims = readJwt(pool.signingKeys.access, token)
    if (claims?.iss === issuerOf(cognito.cloud, pool.id) && claims.token_use === 'access')
      return { pool, claims }
  }
  throw notAuthorized('Invalid Access Token')
}
