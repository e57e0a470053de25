import { type Failure, fail } from '#kernel/result'
import { PASSWORD_POLICY } from '#portal/contract'

/** The password rule in words, for the field's hint and the refusal. */
export const PASSWORD_RULE = `At least ${PASSWORD_POLICY.minLength} characters, with a lower-case letter, an upper-case letter and a digit.`

/** Every expected failure of the user pool: what happened and what to do. */
export const IDENTITY_FAILURES = {
  wrong_credentials: 'The e-mail address or the password is not right. Check both, or reset your password.',
  not_confirmed: 'This address is not confirmed yet. Enter the code from our mail, or send a new one.',
  already_registered: 'There is already an account with this e-mail address.',
  already_confirmed: 'This address is confirmed already. Sign in to go on.',
  weak_password: `The password is too weak. ${PASSWORD_RULE}`,
  invalid_email: 'This is not an e-mail address we can send a code to. Check its spelling.',
  wrong_code: 'The code is not right. Check the newest mail from us, or send a new code.',
  expired_code: 'The code is used up or expired. Send a new one and enter that.',
  too_many_attempts: 'Too many attempts. Nothing was changed. Wait a few minutes, then try again.',
  password_reset_required: 'Your password has to be set anew before you can sign in. Request a reset code.',
  delivery_failed: 'We could not send the mail. Nothing is lost: try again in a minute.',
  session_expired: 'Your session has ended. Sign in again.',
} as const
export type IdentityFailureCode = keyof typeof IDENTITY_FAILURES

export const identityFailure = (code: IdentityFailureCode): Failure => fail(code, IDENTITY_FAILURES[code])

/**
 * Sorts what Cognito throws into an expected failure; undefined for everything else, which is a defect or an outage.
 * An unknown user and a wrong password must not be told apart. Error names:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html and the pages of each operation.
 */
export function sortCognitoError(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'NotAuthorizedException') return identityFailure(sortNotAuthorized(error.message))
  const code = BY_NAME[error.name]
  return code && identityFailure(code)
}

const BY_NAME: Readonly<Record<string, IdentityFailureCode>> = {
  UserNotFoundException: 'wrong_credentials',
  UserNotConfirmedException: 'not_confirmed',
  UsernameExistsException: 'already_registered',
  AliasExistsException: 'already_registered',
  InvalidPasswordException: 'weak_password',
  CodeMismatchException: 'wrong_code',
  ExpiredCodeException: 'expired_code',
  LimitExceededException: 'too_many_attempts',
  TooManyRequestsException: 'too_many_attempts',
  TooManyFailedAttemptsException: 'too_many_attempts',
  PasswordResetRequiredException: 'password_reset_required',
  CodeDeliveryFailureException: 'delivery_failed',
}

/** One name for several outcomes; Cognito tells them apart only by the message. */
function sortNotAuthorized(message: string): IdentityFailureCode {
  if (/current status is confirmed/i.test(message)) return 'already_confirmed'
  if (/attempts exceeded/i.test(message)) return 'too_many_attempts'
  return 'wrong_credentials'
}
