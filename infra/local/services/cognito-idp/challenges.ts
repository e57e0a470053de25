import { randomBytes } from 'node:crypto'
import type { LocalTime } from '../../contract.ts'
import { notAuthorized } from './errors.ts'
import type { Challenge, UserPool, UserPoolClient } from './state.ts'

const MINUTE_MS = 60_000

/**
 * Remembers where an authentication stands and answers the `Session` that continues it. It is good once and for the
 * client's session duration: cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html.
 */
export function startChallenge(
  pool: UserPool,
  client: UserPoolClient,
  step: Challenge['step'],
  username: string,
  now: LocalTime,
): string {
  for (const [session, challenge] of pool.challenges)
    if (challenge.expiresAt + 60 * MINUTE_MS <= now) pool.challenges.delete(session)
  const session = `AYAB${randomBytes(384).toString('base64url')}`
  const expiresAt = now + client.authSessionMinutes * MINUTE_MS
  pool.challenges.set(session, { step, clientId: client.id, username, expiresAt, used: false })
  return session
}

/** The open challenge of a session. The caller marks it `used` once it has served. */
export function openChallenge(
  pool: UserPool,
  client: UserPoolClient,
  step: Challenge['step'],
  session: string,
  now: LocalTime,
): Challenge {
  const challenge = pool.challenges.get(session)
  if (!challenge || challenge.clientId !== client.id || challenge.step !== step)
    throw notAuthorized('Invalid session for the user.')
  if (challenge.used) throw notAuthorized('Invalid session for the user, session can only be used once.')
  if (challenge.expiresAt <= now) throw notAuthorized('Invalid session for the user, session is expired.')
  return challenge
}

/** Whether the client may sign people in by choice of a factor, so that sign-up hands out sessions. */
export const choosesFactor = (client: UserPoolClient): boolean => client.flows.includes('ALLOW_USER_AUTH')
