import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { type LocalTime, ServiceError } from '../../contract.ts'
import { badCredentials, notAuthorized } from './errors.ts'
import type { PasswordPolicy, User } from './state.ts'

/** The characters that Cognito counts as symbols (user-pool-settings-policies), and a space inside the password. */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/

/** Refuses what the pool's policy refuses, with AWS's texts. */
export function checkPolicy(policy: PasswordPolicy, password: string): void {
  const failed = RULES.find(rule => rule.broken(policy, password))
  if (failed)
    throw new ServiceError('InvalidPasswordException', `Password did not conform with policy: ${failed.text}`)
}

const RULES: readonly { text: string; broken(policy: PasswordPolicy, password: string): boolean }[] = [
  { text: 'Password not long enough', broken: (policy, password) => password.length < policy.minimumLength },
  {
    text: 'Password must have uppercase characters',
    broken: (policy, password) => policy.requireUppercase && !/[A-Z]/.test(password),
  },
  {
    text: 'Password must have lowercase characters',
    broken: (policy, password) => policy.requireLowercase && !/[a-z]/.test(password),
  },
  {
    text: 'Password must have numeric characters',
    broken: (policy, password) => policy.requireNumbers && !/[0-9]/.test(password),
  },
  {
    text: 'Password must have symbol characters',
    broken: (policy, password) => policy.requireSymbols && !SYMBOL.test(password),
  },
]

const DAY_MS = 24 * 60 * 60 * 1000

/** Until when a password that an administrator gave is good. */
export const temporaryUntil = (policy: PasswordPolicy, now: LocalTime): LocalTime =>
  now + policy.temporaryPasswordValidityDays * DAY_MS

/** Sets a password for good, and with it the user's state. */
export function setPassword(user: User, password: string, now: LocalTime): void {
  user.password = hashPassword(password)
  user.status = 'CONFIRMED'
  user.failedPasswords = 0
  user.lockedUntil = 0
  user.modifiedAt = now
}

/** Cheap on purpose: a laptop's throw-away users, not a production store. */
const SCRYPT_COST = 1_024

export function hashPassword(password: string, expiresAt?: LocalTime): NonNullable<User['password']> {
  const salt = randomBytes(16).toString('hex')
  return {
    salt,
    hash: derive(password, salt).toString('hex'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

const derive = (password: string, salt: string): Buffer => scryptSync(password, salt, 32, { N: SCRYPT_COST })

const FREE_ATTEMPTS = 5
const LONGEST_LOCK_MS = 15 * 60 * 1000

/**
 * Compares a password. After five failures the user is locked for a second, doubling with each further failure up to
 * fifteen minutes: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html (lockout behavior).
 */
export function checkPassword(user: User, password: string, now: LocalTime): void {
  if (now < user.lockedUntil) throw notAuthorized('Password attempts exceeded')
  const stored = user.password
  if (stored && timingSafeEqual(derive(password, stored.salt), Buffer.from(stored.hash, 'hex'))) {
    if (stored.expiresAt !== undefined && now >= stored.expiresAt) {
      throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
    }
    user.failedPasswords = 0
    return
  }
  user.failedPasswords++
  const beyond = user.failedPasswords - FREE_ATTEMPTS
  if (beyond >= 0) user.lockedUntil = now + Math.min(1000 * 2 ** Math.min(beyond, 20), LONGEST_LOCK_MS)
  throw badCredentials()
}
