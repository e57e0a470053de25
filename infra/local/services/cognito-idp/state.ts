import type { LocalTime } from '../../contract.ts'

export type PasswordPolicy = {
  readonly minimumLength: number
  readonly requireUppercase: boolean
  readonly requireLowercase: boolean
  readonly requireNumbers: boolean
  readonly requireSymbols: boolean
  readonly temporaryPasswordValidityDays: number
}

export type MailTemplate = { readonly subject: string; readonly message: string }

export type SchemaAttribute = { readonly name: string; readonly required: boolean; readonly mutable: boolean }

export type UserPool = {
  readonly id: string
  readonly name: string
  readonly arn: string
  /** Issuer of its tokens. */
  readonly providerUrl: string
  readonly createdAt: LocalTime
  readonly emailAsUsername: boolean
  readonly caseSensitive: boolean
  readonly autoVerifyEmail: boolean
  readonly verifyEmailBeforeUpdate: boolean
  readonly selfSignUp: boolean
  readonly passwordPolicy: PasswordPolicy
  readonly schema: readonly SchemaAttribute[]
  readonly verificationMail: MailTemplate
  readonly invitationMail: MailTemplate
  readonly signingKey: SigningKey
  readonly clients: Map<string, UserPoolClient>
  readonly groups: Map<string, Group>
  /** By username, which is the `sub`. */
  readonly users: Map<string, User>
  /** By `origin_jti`. */
  readonly sessions: Map<string, Session>
}

export type SigningKey = {
  readonly kid: string
  readonly privateKeyPem: string
  readonly publicJwk: PublicJwk
}
export type PublicJwk = { readonly kty: string; readonly n: string; readonly e: string }

export type UserPoolClient = {
  readonly id: string
  readonly name: string
  readonly poolId: string
  readonly secret?: string
  readonly flows: readonly string[]
  readonly masksUserExistence: boolean
  readonly revocation: boolean
  readonly accessTokenSeconds: number
  readonly idTokenSeconds: number
  readonly refreshTokenSeconds: number
  readonly createdAt: LocalTime
}

export type Group = {
  readonly name: string
  readonly description?: string
  readonly precedence?: number
  readonly roleArn?: string
  readonly createdAt: LocalTime
}

export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD'
export type CodePurpose = 'signUp' | 'forgotPassword' | 'email'
export type Code = { readonly code: string; readonly expiresAt: LocalTime }

export type User = {
  readonly username: string
  readonly createdAt: LocalTime
  modifiedAt: LocalTime
  attributes: Record<string, string>
  password: { readonly salt: string; readonly hash: string; readonly expiresAt?: LocalTime } | undefined
  status: UserStatus
  enabled: boolean
  readonly groups: Set<string>
  readonly codes: Partial<Record<CodePurpose, Code>>
  /** The address that waits for its code when the pool verifies before it updates. */
  pendingEmail: string | undefined
  failedPasswords: number
  lockedUntil: LocalTime
  /** Times of the last hour's attempts, by kind. */
  readonly attempts: Record<string, LocalTime[]>
}

/** One sign-in: its refresh token and everything that was issued from it. */
export type Session = {
  readonly originJti: string
  readonly refreshToken: string
  readonly username: string
  readonly clientId: string
  readonly eventId: string
  readonly authTime: LocalTime
  readonly expiresAt: LocalTime
  revoked: boolean
}

export type CognitoState = { readonly pools: Map<string, UserPool> }
