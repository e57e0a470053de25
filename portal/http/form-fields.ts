import type { AppContext } from './app-env.ts'

/** Longer than any field of ours. */
const FIELD_MAX = 400

/** Text fields of a posted form: trimmed, and empty where a field is missing, a file or too long. */
export async function formFields<const N extends string>(
  c: AppContext,
  ...names: readonly N[]
): Promise<Record<N, string>> {
  const body = await c.req.parseBody()
  const read = (name: string): string => {
    const value = body[name]
    return typeof value === 'string' && value.length <= FIELD_MAX ? value.trim() : ''
  }
  return Object.fromEntries(names.map(name => [name, read(name)])) as Record<N, string>
}

/** Passwords are taken as they are typed, spaces included. */
export async function passwordField(c: AppContext): Promise<string> {
  const { password } = await c.req.parseBody()
  return typeof password === 'string' && password.length <= 256 ? password : ''
}

export const normalizeEmail = (email: string): string => email.toLowerCase()
/** One at sign with something around it; the mail with the code proves the rest. */
export const looksLikeEmail = (email: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
