import { createHash } from 'node:crypto'
import { ok } from '#kernel/result'
import { HOUR_MS, type Instant } from '#kernel/time'
import type { Identity, Tokens } from '../auth/identity.ts'
import { identityFailure } from '../auth/identity-failures.ts'
import type { VerifyToken } from '../auth/verify-token.ts'

export const CODE = '424242'
export const PASSWORD = 'Correct-horse-42'
export const TOKEN_LIFE_MS = HOUR_MS / 4

type Person = { userId: string; password: string; confirmed: boolean; admin: boolean }

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A user pool in memory. Tokens have the shape of Cognito's and no signature. */
export function createFakeIdentity(now: () => Instant) {
  const people = new Map<string, Person>()
  const revoked = new Set<string>()
  const idTokenFor = (email: string, person: Person): string => {
    const claims = {
      sub: person.userId,
      email,
      'cognito:username': person.userId,
      groups: person.admin ? ['admins'] : [],
      exp: now() + TOKEN_LIFE_MS,
    }
    return `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}.${part('signature')}`
  }
  const tokensFor = (email: string, person: Person): Tokens => ({
    idToken: idTokenFor(email, person),
    refreshToken: `refresh-${email}`,
  })

  const identity: Identity = {
    async signUp(email, password) {
      if (people.has(email)) return identityFailure('already_registered')
      if (password.length < 10) return identityFailure('weak_password')
      const userId = createHash('sha256').update(email).digest('hex').slice(0, 32)
      people.set(email, { userId, password, confirmed: false, admin: false })
      return ok({ userId })
    },
    async confirmSignUp(email, code) {
      const person = people.get(email)
      if (!person) return identityFailure('expired_code')
      if (person.confirmed) return identityFailure('already_confirmed')
      if (code !== CODE) return identityFailure('wrong_code')
      person.confirmed = true
      return ok({})
    },
    resendCode: async () => ok(null),
    async signIn(email, password) {
      const person = people.get(email)
      if (!person || person.password !== password) return identityFailure('wrong_credentials')
      return person.confirmed ? ok(tokensFor(email, person)) : identityFailure('not_confirmed')
    },
    continueSession: async () => identityFailure('session_expired'),
    async refresh(refreshToken, username) {
      const found = [...people].find(([, person]) => person.userId === username)
      if (!found || revoked.has(refreshToken)) return identityFailure('session_expired')
      return ok({ idToken: idTokenFor(...found) })
    },
    async signOut(refreshToken) {
      revoked.add(refreshToken)
    },
    forgotPassword: async email => (people.has(email) ? ok(null) : identityFailure('wrong_credentials')),
    async resetPassword(email, code, password) {
      const person = people.get(email)
      if (!person || code !== CODE) return identityFailure('wrong_code')
      if (password.length < 10) return identityFailure('weak_password')
      person.password = password
      return ok(null)
    },
  }

  const verifyToken: VerifyToken = async token => {
    const claims = readClaims(token)
    if (!claims || claims.exp <= now()) return undefined
    return { userId: claims.sub, email: claims.email, groups: claims.groups }
  }
  return { identity, verifyToken, people, revoked }
}

function readClaims(
  token: string,
): { sub: string; email: string; groups: string[]; exp: number } | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}
