import { randomInt } from 'node:crypto'
import type { CodeDeliveryDetailsType } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalTime } from '../../contract.ts'
import { type AttemptKind, checkAttempts, countAttempt, forgetAttempts } from './attempts.ts'
import type { Cognito } from './cognito.ts'
import { codeMismatch, expiredCode } from './errors.ts'
import type { CodePurpose, MailTemplate, User, UserPool } from './state.ts'

const HOUR_MS = 60 * 60 * 1000

/** How long a code lives: cognito/latest/developerguide/quotas.html. */
const LIFETIME_MS: Readonly<Record<CodePurpose, number>> = {
  signUp: 24 * HOUR_MS,
  forgotPassword: HOUR_MS,
  email: 24 * HOUR_MS,
}

/** Makes a code of six digits, replaces an earlier one of the same purpose and mails it. */
export function sendCode(
  cognito: Cognito,
  pool: UserPool,
  user: User,
  purpose: CodePurpose,
  to: string,
): CodeDeliveryDetailsType {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  user.codes[purpose] = { code, expiresAt: cognito.cloud.clock.now() + LIFETIME_MS[purpose] }
  sendTemplate(cognito, pool.verificationMail, to, { '{####}': code, '{username}': user.username })
  cognito.cloud.clock.wrote()
  return deliveryDetails(to)
}

/** Uses up a code. A wrong one counts as an attempt, a right one clears them. */
export function takeCode(
  user: User,
  purpose: CodePurpose,
  kind: AttemptKind,
  given: string,
  now: LocalTime,
): void {
  checkAttempts(user, kind, now)
  const stored = user.codes[purpose]
  if (!stored || now >= stored.expiresAt) throw expiredCode()
  if (stored.code !== given) {
    countAttempt(user, kind, now)
    throw codeMismatch()
  }
  delete user.codes[purpose]
  forgetAttempts(user, kind)
}

/** The address to which the user's codes may go: a verified one. */
export function verifiedEmail(user: User): string | undefined {
  return user.attributes.email_verified === 'true' ? user.attributes.email || undefined : undefined
}

/** Fills a template such as `Your code is {####}` and mails it; a template with tags is HTML. */
export function sendTemplate(
  cognito: Cognito,
  template: MailTemplate,
  to: string,
  values: Readonly<Record<string, string>>,
): void {
  const fill = (text: string): string =>
    Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, () => value), text)
  const message = fill(template.message)
  const text = message.replace(/<br\s*\/?>/gi, '\n').replace(/<[^>]+>/g, '')
  cognito.sendMail({
    to,
    subject: fill(template.subject),
    text,
    ...(text === message ? {} : { html: message }),
  })
}

/** `dora@example.com` is told as `d***@e***`. */
export function deliveryDetails(email: string): CodeDeliveryDetailsType {
  const [local = '', domain = ''] = email.split('@')
  return {
    Destination: `${local.slice(0, 1)}***@${domain.slice(0, 1)}***`,
    DeliveryMedium: 'EMAIL',
    AttributeName: 'email',
  }
}
