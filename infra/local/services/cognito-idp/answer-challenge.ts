import type { RespondToAuthChallengeResponse } from '@aws-sdk/client-cognito-identity-provider'
import { UnsupportedError } from '../../contract.ts'
import { attributesOf, checkWritable } from './attributes.ts'
import {
  type Attempt,
  admit,
  knownParameters,
  provenBy,
  required,
  signIn,
  spokenUsername,
} from './authenticate.ts'
import { openChallenge } from './challenges.ts'
import { select } from './choose-factor.ts'
import { invalidParameter, notAuthorized, userDisabled } from './errors.ts'
import { checkPolicy, setPassword } from './password.ts'
import type { Challenge, User } from './state.ts'
import { findUser } from './users.ts'

/** Takes the answer to a challenge. `attempt.parameters` are its `ChallengeResponses`. */
export function answerChallenge(
  attempt: Attempt,
  name: string,
  session: string | undefined,
): RespondToAuthChallengeResponse {
  switch (name) {
    case 'SELECT_CHALLENGE':
      knownParameters(attempt, name, ['USERNAME', 'ANSWER', 'PASSWORD'])
      return once(attempt, name, session, username => select(attempt, username, required(attempt, 'ANSWER')))
    case 'PASSWORD':
      knownParameters(attempt, name, ['USERNAME', 'PASSWORD'])
      return once(attempt, name, session, username =>
        admit(attempt, provenBy(attempt, username, required(attempt, 'PASSWORD'))),
      )
    case 'NEW_PASSWORD_REQUIRED':
      return once(attempt, name, session, username => newPassword(attempt, username))
    default:
      throw new UnsupportedError(`the challenge ${name}`)
  }
}

/**
 * Runs an answer under its session, which a wrong one uses up too; an answer that Cognito could not even try (a missing
 * parameter, a password against the policy) leaves it open.
 */
function once(
  attempt: Attempt,
  step: Challenge['step'],
  session: string | undefined,
  answer: (username: string) => RespondToAuthChallengeResponse,
): RespondToAuthChallengeResponse {
  if (session === undefined) throw invalidParameter('Missing required parameter Session')
  const { cognito, pool, client } = attempt
  const username = spokenUsername(attempt)
  const challenge = openChallenge(pool, client, step, session, cognito.cloud.clock.now())
  if (!sameUser(attempt, challenge.username, username)) throw notAuthorized('Invalid session for the user.')
  try {
    const answered = answer(username)
    challenge.used = true
    return answered
  } catch (error) {
    challenge.used = error instanceof Error && 'code' in error && error.code === 'NotAuthorizedException'
    throw error
  }
}

/** The same person may be named by address or by `sub`. */
function sameUser({ pool }: Attempt, asked: string, answered: string): boolean {
  return (
    asked === answered ||
    (findUser(pool, asked) !== undefined && findUser(pool, asked) === findUser(pool, answered))
  )
}

const ATTRIBUTE = 'userAttributes.'

function newPassword(attempt: Attempt, username: string): RespondToAuthChallengeResponse {
  const { cognito, pool, parameters } = attempt
  const given = Object.entries(parameters).flatMap(([name, Value]) =>
    name.startsWith(ATTRIBUTE) ? [{ Name: name.slice(ATTRIBUTE.length), Value }] : [],
  )
  const names = given.map(({ Name }) => `${ATTRIBUTE}${Name}`)
  knownParameters(attempt, 'NEW_PASSWORD_REQUIRED', ['USERNAME', 'NEW_PASSWORD', ...names])
  const user = findUser(pool, username)
  if (user?.status !== 'FORCE_CHANGE_PASSWORD') throw notAuthorized('Invalid session for the user.')
  if (!user.enabled) throw userDisabled()
  const password = required(attempt, 'NEW_PASSWORD')
  const attributes = attributesOf(given)
  checkGiven(attempt, user, attributes)
  checkPolicy(pool.passwordPolicy, password)
  Object.assign(user.attributes, attributes)
  setPassword(user, password, cognito.cloud.clock.now())
  return signIn(attempt, user)
}

function checkGiven({ pool }: Attempt, user: User, given: Readonly<Record<string, string>>): void {
  checkWritable(pool, given, { existing: false })
  const provided = Object.keys(given).find(name => user.attributes[name])
  if (provided !== undefined) throw notAuthorized(`Cannot modify an already provided ${provided}`)
  const missing = pool.schema.find(one => one.required && !given[one.name] && !user.attributes[one.name])
  if (missing) throw invalidParameter(`Invalid attributes given, ${missing.name} is missing`)
}
