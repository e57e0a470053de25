import { z } from 'zod'

/** Everything a user pool is, as schemas: a snapshot is read back through them. Instants are milliseconds, local time. */
const instant = z.number()

const passwordPolicy = z.object({
  minimumLength: z.number(),
  requireUppercase: z.boolean(),
  requireLowercase: z.boolean(),
  requireNumbers: z.boolean(),
  requireSymbols: z.boolean(),
  temporaryPasswordValidityDays: z.number(),
})

const mailTemplate = z.object({ subject: z.string(), message: z.string() })

const schemaAttribute = z.object({
  name: z.string(),
  type: z.enum(['String', 'Number', 'DateTime', 'Boolean']),
  required: z.boolean(),
  mutable: z.boolean(),
  /** Of the text's length or of the number. */
  min: z.optional(z.number()),
  max: z.optional(z.number()),
})

const poolSettings = z.object({
  name: z.string(),
  tier: z.enum(['LITE', 'ESSENTIALS', 'PLUS']),
  protected: z.boolean(),
  emailAsUsername: z.boolean(),
  caseSensitive: z.boolean(),
  autoVerifyEmail: z.boolean(),
  verifyEmailBeforeUpdate: z.boolean(),
  selfSignUp: z.boolean(),
  passwordPolicy,
  schema: z.array(schemaAttribute),
  verificationMail: mailTemplate,
  invitationMail: mailTemplate,
  tags: z.record(z.string(), z.string()),
})

const validity = z.object({ value: z.number(), unit: z.enum(['seconds', 'minutes', 'hours', 'days']) })

const clientSettings = z.object({
  name: z.string(),
  flows: z.array(z.string()),
  masksUserExistence: z.boolean(),
  revocation: z.boolean(),
  accessTokenValidity: validity,
  idTokenValidity: validity,
  refreshTokenValidity: validity,
  /** How long an authentication may take from its first to its last call. */
  authSessionMinutes: z.number(),
  /** Set where each refresh gives a new refresh token; the old one stays good for so long. */
  rotationGraceSeconds: z.optional(z.number()),
})

const client = clientSettings.extend({
  id: z.string(),
  secret: z.optional(z.string()),
  /** Made by a template rather than by a call. */
  fromTemplate: z.boolean(),
  createdAt: instant,
})

const group = z.object({
  name: z.string(),
  description: z.optional(z.string()),
  precedence: z.optional(z.number()),
  roleArn: z.optional(z.string()),
  fromTemplate: z.boolean(),
  createdAt: instant,
})

const code = z.object({ code: z.string(), expiresAt: instant })

const user = z.object({
  username: z.string(),
  createdAt: instant,
  modifiedAt: instant,
  attributes: z.record(z.string(), z.string()),
  password: z.optional(z.object({ salt: z.string(), hash: z.string(), expiresAt: z.optional(instant) })),
  status: z.enum(['UNCONFIRMED', 'CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'RESET_REQUIRED']),
  enabled: z.boolean(),
  groups: z.set(z.string()),
  codes: z.partialRecord(z.enum(['signUp', 'forgotPassword', 'email']), code),
  /** The address that waits for its code when the pool verifies before it updates. */
  pendingEmail: z.optional(z.string()),
  failedPasswords: z.number(),
  lockedUntil: instant,
  /** Times of the last hour's attempts, by kind. */
  attempts: z.record(z.string(), z.array(instant)),
})

/** One sign-in: its refresh tokens and everything that was issued from them. */
const session = z.object({
  originJti: z.string(),
  refreshToken: z.string(),
  /** Tokens that rotation replaced, by the instant from which each is refused. */
  replaced: z.map(z.string(), instant),
  username: z.string(),
  clientId: z.string(),
  eventId: z.string(),
  authTime: instant,
  expiresAt: instant,
  revoked: z.boolean(),
})

/** Where an authentication stands between two calls; the key is the `Session` that the caller sends back. */
const challenge = z.object({
  step: z.enum(['SIGNED_UP', 'CONFIRMED', 'SELECT_CHALLENGE', 'PASSWORD', 'NEW_PASSWORD_REQUIRED']),
  clientId: z.string(),
  /** As the caller named the user, who need not exist. */
  username: z.string(),
  expiresAt: instant,
  used: z.boolean(),
})

const signingKey = z.object({
  kid: z.string(),
  privateKeyPem: z.string(),
  publicJwk: z.object({ kty: z.string(), n: z.string(), e: z.string() }),
})

const userPool = poolSettings.extend({
  id: z.string(),
  arn: z.string(),
  fromTemplate: z.boolean(),
  createdAt: instant,
  signingKeys: z.object({ id: signingKey, access: signingKey }),
  clients: z.map(z.string(), client),
  groups: z.map(z.string(), group),
  /** By username, which is the `sub` where addresses are usernames. */
  users: z.map(z.string(), user),
  /** By `origin_jti`. */
  sessions: z.map(z.string(), session),
  challenges: z.map(z.string(), challenge),
})

export const cognitoState = z.object({ pools: z.map(z.string(), userPool) })

export type PasswordPolicy = z.infer<typeof passwordPolicy>
export type MailTemplate = z.infer<typeof mailTemplate>
export type SchemaAttribute = z.infer<typeof schemaAttribute>
export type PoolSettings = z.infer<typeof poolSettings>
export type ClientSettings = z.infer<typeof clientSettings>
export type Validity = z.infer<typeof validity>
export type UserPoolClient = z.infer<typeof client>
export type Group = z.infer<typeof group>
export type User = z.infer<typeof user>
export type CodePurpose = keyof User['codes']
export type Session = z.infer<typeof session>
export type Challenge = z.infer<typeof challenge>
export type SigningKey = z.infer<typeof signingKey>
export type UserPool = z.infer<typeof userPool>
export type CognitoState = z.infer<typeof cognitoState>
