import type { InitiateAuthResponse } from '@aws-sdk/client-cognito-identity-provider'
import { UnsupportedError } from '../../contract.ts'
import {
  type Attempt,
  admit,
  knownParameters,
  provenBy,
  requireFlow,
  spokenUsername,
} from './authenticate.ts'
import { openChallenge, startChallenge } from './challenges.ts'
import { invalidParameter, notAuthorized, userNotFound } from './errors.ts'
import type { Challenge } from './state.ts'
import { findUser } from './users.ts'

/** What a pool offers that allows passwords as the first factor. */
const AVAILABLE = ['PASSWORD', 'PASSWORD_SRP'] as const

/**
 * `USER_AUTH`: the caller names a factor or is asked to choose one; the session of a sign-up that was just confirmed is a
 * factor by itself. cognito/latest/developerguide/authentication-flows-selection-sdk.html
 */
export function withChoice(attempt: Attempt, session: string | undefined): InitiateAuthResponse {
  knownParameters(attempt, 'USER_AUTH', ['USERNAME', 'PREFERRED_CHALLENGE', 'PASSWORD'])
  requireFlow(attempt, 'USER_AUTH', 'USER_AUTH flow not enabled for this client')
  const username = spokenUsername(attempt)
  if (session !== undefined) return afterSignUp(attempt, username, session)
  const { pool, client, parameters } = attempt
  if (!client.masksUserExistence && !findUser(pool, username)) throw userNotFound()
  if (parameters.PREFERRED_CHALLENGE === 'PASSWORD_SRP')
    throw new UnsupportedError('the challenge PASSWORD_SRP')
  if (parameters.PREFERRED_CHALLENGE !== 'PASSWORD') return ask(attempt, 'SELECT_CHALLENGE', username)
  return byPassword(attempt, username)
}

function afterSignUp(attempt: Attempt, username: string, session: string): InitiateAuthResponse {
  const { cognito, pool, client } = attempt
  const challenge = openChallenge(pool, client, 'CONFIRMED', session, cognito.cloud.clock.now())
  const user = findUser(pool, challenge.username)
  if (!user || user !== findUser(pool, username)) throw notAuthorized('Invalid session for the user.')
  challenge.used = true
  return admit(attempt, user)
}

/** Goes on from `SELECT_CHALLENGE`; the answer may bring the factor along. */
export function select(attempt: Attempt, username: string, answer: string): InitiateAuthResponse {
  if (answer === 'PASSWORD_SRP') throw new UnsupportedError('the challenge PASSWORD_SRP')
  if (answer !== 'PASSWORD')
    throw invalidParameter(
      `Challenge ${answer} is not one of the available challenges: ${AVAILABLE.join(', ')}`,
    )
  return byPassword(attempt, username)
}

function byPassword(attempt: Attempt, username: string): InitiateAuthResponse {
  const { PASSWORD } = attempt.parameters
  if (!PASSWORD) return ask(attempt, 'PASSWORD', username)
  return admit(attempt, provenBy(attempt, username, PASSWORD))
}

function ask(
  { cognito, pool, client }: Attempt,
  step: Extract<Challenge['step'], 'SELECT_CHALLENGE' | 'PASSWORD'>,
  username: string,
): InitiateAuthResponse {
  const { clock } = cognito.cloud
  clock.wrote()
  return {
    ChallengeName: step,
    Session: startChallenge(pool, client, step, username, clock.now()),
    ChallengeParameters: {},
    ...(step === 'SELECT_CHALLENGE' ? { AvailableChallenges: [...AVAILABLE] } : {}),
  }
}
