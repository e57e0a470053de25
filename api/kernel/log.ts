import { Logger } from '@aws-lambda-powertools/logger'

/** Structured logs. Members with telling names and anything that looks like a key of ours or Stripe's are masked. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

export const createLog = (serviceName: string): Log =>
  new Logger({ serviceName, jsonReplacerFn: maskSecrets })

const SECRET_NAME = /^(authorization(token)?|password|secret(hash)?|token|cookie|set-cookie|code)$/i
const SECRET_TEXT = /\b(tg_(?:live|test)|sk_(?:live|test)|rk_(?:live|test)|whsec)_[0-9A-Za-z]+/g

/** A `JSON.stringify` replacer. `code` is masked only as long digits: confirmation codes, not error codes. */
export function maskSecrets(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (SECRET_NAME.test(name) && (name.toLowerCase() !== 'code' || /^\d{4,}$/.test(value))) return '(masked)'
  return value.replace(SECRET_TEXT, '$1_(masked)')
}
