import { randomUUID } from 'node:crypto'
import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalTime } from '../../contract.ts'
import { attributesOf, checkSchema, isEmail } from './attributes.ts'
import { invalidParameter, userNotFound, usernameExists } from './errors.ts'
import { revokeSessionsOf } from './sessions.ts'
import type { User, UserPool } from './state.ts'

/** Finds a user by username (`sub`) or by e-mail address. */
export function findUser(pool: UserPool, name: string): User | undefined {
  const direct = pool.users.get(pool.emailAsUsername ? name : fold(pool, name))
  if (direct || !pool.emailAsUsername) return direct
  return findByEmail(pool, name)
}

export function findByEmail(pool: UserPool, email: string): User | undefined {
  const wanted = fold(pool, email)
  for (const user of pool.users.values()) if (fold(pool, user.attributes.email ?? '') === wanted) return user
  return undefined
}

export function userNamed(pool: UserPool, name: string): User {
  const user = findUser(pool, name)
  if (!user) throw userNotFound()
  return user
}

const fold = (pool: UserPool, name: string): string => (pool.caseSensitive ? name : name.toLowerCase())

/** Whether the address belongs to somebody else, where addresses name users. */
export function isTaken(pool: UserPool, email: string, by: User): boolean {
  const owner = pool.emailAsUsername ? findByEmail(pool, email) : undefined
  return owner !== undefined && owner !== by
}

/** A new, unconfirmed user. Where the username in the request is an address, the user's own name is a new UUID. */
export function createUser(
  pool: UserPool,
  name: string,
  given: readonly AttributeType[],
  now: LocalTime,
): User {
  if (pool.emailAsUsername && !isEmail(name)) throw invalidParameter('Username should be an email.')
  const attributes = { ...(pool.emailAsUsername ? { email: name } : {}), ...attributesOf(given) }
  checkSchema(pool, attributes)
  if (findUser(pool, name) || (pool.emailAsUsername && findByEmail(pool, attributes.email ?? name))) {
    throw usernameExists(
      pool.emailAsUsername ? 'An account with the given email already exists.' : 'User already exists',
    )
  }
  const sub = randomUUID()
  return {
    username: pool.emailAsUsername ? sub : fold(pool, name),
    createdAt: now,
    modifiedAt: now,
    attributes: { ...attributes, sub },
    status: 'UNCONFIRMED',
    enabled: true,
    groups: new Set(),
    codes: {},
    failedPasswords: 0,
    lockedUntil: 0,
    attempts: {},
  }
}

export function removeUser(pool: UserPool, user: User): void {
  revokeSessionsOf(pool, user)
  pool.users.delete(user.username)
}
