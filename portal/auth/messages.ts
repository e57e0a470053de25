import type { AppContext } from '../http/app-env.ts'
import { IDENTITY_FAILURES } from './identity-failures.ts'

/** What a redirect may ask the next page to say. By name, so that nobody can put words on our pages. */
const MESSAGES: Readonly<Record<string, string>> = {
  confirmed: 'Your address is confirmed. Sign in to create your first key.',
  already_confirmed: IDENTITY_FAILURES.already_confirmed,
  code_sent: 'If this address waits for a code, a new one is on its way. Only the newest code works.',
  delivery_failed: IDENTITY_FAILURES.delivery_failed,
  not_confirmed: IDENTITY_FAILURES.not_confirmed,
  password_reset_required: IDENTITY_FAILURES.password_reset_required,
  password_changed: 'Your password is changed. Sign in with the new one.',
  session_expired: 'Your session ended before the form arrived, so nothing was done. Sign in and try again.',
  signed_out: 'You are signed out.',
}

export function messageOf(c: AppContext): string | undefined {
  const name = c.req.query('message') ?? ''
  return Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined
}
