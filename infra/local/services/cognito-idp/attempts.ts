import type { LocalTime } from '../../contract.ts'
import { attemptsExceeded } from './errors.ts'
import type { User } from './state.ts'

const HOUR_MS = 60 * 60 * 1000

/** AWS allows 5 to 20 such requests an hour, by risk (cognito/latest/developerguide/quotas.html); we take the lowest. */
const ATTEMPTS_PER_HOUR = 5

export type AttemptKind =
  | 'confirmSignUp'
  | 'resendCode'
  | 'forgotPassword'
  | 'confirmForgotPassword'
  | 'verifyAttribute'
  | 'attributeCode'

/** Throws `LimitExceededException` when the user has used up this hour's attempts; does not count one. */
export function checkAttempts(user: User, kind: AttemptKind, now: LocalTime): void {
  const recent = (user.attempts[kind] ?? []).filter(at => at > now - HOUR_MS)
  user.attempts[kind] = recent
  if (recent.length >= ATTEMPTS_PER_HOUR) throw attemptsExceeded()
}

export function countAttempt(user: User, kind: AttemptKind, now: LocalTime): void {
  user.attempts[kind] = [...(user.attempts[kind] ?? []), now]
}

export function forgetAttempts(user: User, kind: AttemptKind): void {
  delete user.attempts[kind]
}
