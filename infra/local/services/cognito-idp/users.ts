import { randomUUID } from 'node:crypto'
import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalTime } from '../../contract.ts'
import { invalidParameter, userNotFound, usernameExists } from './errors.ts'
import type { User, UserPool } from './state.ts'

export const STANDARD_ATTRIBUTES = [
  'address',
  'birthdate',
  'email',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
]
const VERIFIED_FLAGS = ['email_verified', 'phone_number_verified']
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Finds a user by username (`sub`) or by e-mail address. */
export function findUser(pool: UserPool, name: string | undefined): User | undefined {
  const direct = pool.users.get(name ?? '')
  if (direct || !name || !pool.emailAsUsername) return direct
  const wanted = fold(pool, name)
  for (const user of pool.users.values()) {
    if (fold(pool, user.attributes.email ?? '') === wanted) return user
  }
  return undefined
}

export function userNamed(pool: UserPool, name: string | undefined): User {
  const user = findUser(pool, name)
  if (!user) throw userNotFound()
  return user
}

const fold = (pool: UserPool, name: string): string => (pool.caseSensitive ? name : name.toLowerCase())

/** A new, unconfirmed user. The username in the request is the e-mail address; the user's own name is a new UUID. */
export function createUser(
  pool: UserPool,
  name: string | undefined,
  given: readonly AttributeType[],
  now: LocalTime,
): User {
  if (!name)
    throw invalidParameter(
      "1 validation error detected: Value null at 'username' failed to satisfy constraint: Member must not be null",
    )
  if (pool.emailAsUsername && !EMAIL.test(name)) throw invalidParameter('Username should be an email.')
  const attributes = { ...(pool.emailAsUsername ? { email: name } : {}), ...attributesOf(given) }
  checkSchema(pool, attributes)
  if (findUser(pool, name) || findUser(pool, attributes.email)) {
    throw usernameExists(
      pool.emailAsUsername ? 'An account with the given email already exists.' : 'User already exists',
    )
  }
  const sub = randomUUID()
  const username = pool.emailAsUsername ? sub : name
  return {
    username,
    createdAt: now,
    modifiedAt: now,
    attributes: { ...attributes, sub },
    password: undefined,
    status: 'UNCONFIRMED',
    enabled: true,
    groups: new Set(),
    codes: {},
    pendingEmail: undefined,
    failedPasswords: 0,
    lockedUntil: 0,
    attempts: {},
  }
}

export const attributesOf = (given: readonly AttributeType[] | undefined): Record<string, string> =>
  Object.fromEntries((given ?? []).map(attribute => [attribute.Name ?? '', attribute.Value ?? '']))

export const attributeList = (user: User): AttributeType[] =>
  Object.entries(user.attributes).map(([Name, Value]) => ({ Name, Value }))

/** Refuses attributes that the pool's schema does not know, missing required ones and malformed addresses. */
export function checkSchema(pool: UserPool, attributes: Readonly<Record<string, string>>): void {
  checkKnown(pool, attributes)
  const missing = pool.schema.find(attribute => attribute.required && !attributes[attribute.name])
  if (missing) throw nonConforming(`${missing.name}: The attribute is required`)
}

export function checkKnown(pool: UserPool, attributes: Readonly<Record<string, string>>): void {
  const known = [...STANDARD_ATTRIBUTES, ...VERIFIED_FLAGS, ...pool.schema.map(attribute => attribute.name)]
  const unknown = Object.keys(attributes).find(name => !known.includes(name))
  if (unknown !== undefined) throw nonConforming(`${unknown}: Attribute does not exist in the schema.`)
  if (attributes.email !== undefined && !EMAIL.test(attributes.email))
    throw invalidParameter('Invalid email address format.')
}

const nonConforming = (what: string) =>
  invalidParameter(`Attributes did not conform to the schema: ${what}\n`)

/** A user's own change of attributes may not touch what only Cognito or an administrator sets. */
export function checkWritable(pool: UserPool, attributes: Readonly<Record<string, string>>): void {
  checkKnown(pool, attributes)
  const immutable = pool.schema.filter(attribute => !attribute.mutable).map(attribute => attribute.name)
  const refused = Object.keys(attributes).find(name => [...VERIFIED_FLAGS, ...immutable].includes(name))
  if (refused !== undefined) throw invalidParameter(`user.${refused}: Attribute cannot be updated.\n`)
}
