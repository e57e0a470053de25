import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 22 // 62^22 > 2^128

/** Big-endian base-62 of the bytes, left-padded with `0` to `length`, cut from the left to `length`. */
export function base62(bytes: Uint8Array, length: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
  let text = ''
  while (text.length < length) {
    text = ALPHABET[Number(value % 62n)] + text
    value /= 62n
  }
  return text
}

/** A random id such as `key_3mT…`: prefix, underscore, 22 base-62 characters (128 random bits). */
export const randomId = (prefix: string): string => `${prefix}_${base62(randomBytes(16), ID_LENGTH)}`

/** An id derived from other facts: the same parts always give the same id. */
export function derivedId(prefix: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest()
  return `${prefix}_${base62(digest.subarray(0, 16), ID_LENGTH)}`
}

/** The account founded by a Cognito user. */
export const accountIdOf = (cognitoSub: string): string => derivedId('acct', cognitoSub)
