import type { Result } from '#kernel/result'

/** What a sign-in yields. The ID token names the user; the refresh token renews it for 180 days. */
export type Tokens = { readonly idToken: string; readonly refreshToken: string }

/**
 * The operations of the user pool that the portal uses. E-mail addresses come in lower case. Expected failures are
 * values with a code of `IDENTITY_FAILURES`; anything else throws.
 */
export interface Identity {
  /** `session` lets the same browser sign in right after confirming, where the pool offers that. */
  signUp(email: string, password: string): Promise<Result<{ userId: string; session?: string }>>
  confirmSignUp(email: string, code: string, session?: string): Promise<Result<{ session?: string }>>
  resendCode(email: string): Promise<Result<null>>
  signIn(email: string, password: string): Promise<Result<Tokens>>
  /** Signs in with what confirming answered instead of a password. */
  continueSession(email: string, session: string): Promise<Result<Tokens>>
  /** `username` is the pool's own name of the user, from the expired ID token. */
  refresh(refreshToken: string, username: string): Promise<Result<{ idToken: string }>>
  /** Revokes the refresh token and everything issued with it. */
  signOut(refreshToken: string): Promise<void>
  forgotPassword(email: string): Promise<Result<null>>
  resetPassword(email: string, code: string, password: string): Promise<Result<null>>
}
