import { createHash, randomInt } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A random id as API Gateway makes them: lower-case letters and digits. */
export const randomId = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** An id that stays the same from start to start, so that URLs and ARNs in a terminal stay useful. */
export function derivedId(length: number, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest()
  return Array.from(digest.subarray(0, length), byte => ALPHABET[byte % ALPHABET.length]).join('')
}
