import { createHash, randomFillSync, randomInt } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** An extended request id has 88 random bits. */
const EXTENDED_ID_BYTES = 11

/** A random id as API Gateway makes them: lower-case letters and digits. */
export const randomId = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** An id that stays the same from start to start, so that URLs and ARNs in a terminal stay useful. */
export function derivedId(length: number, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest()
  return Array.from(digest.subarray(0, length), byte => ALPHABET[byte % ALPHABET.length]).join('')
}

/** The gateway's own id of a request, in the shape of API Gateway's: 15 characters and `=`. */
export const newExtendedRequestId = (): string => randomText(EXTENDED_ID_BYTES, 'base64')

// Random bytes are fetched many at a time: one call for each request would cost more than all else about its ids.
const pool = Buffer.alloc(4096)
let used = pool.length

export function randomText(bytes: number, encoding: 'base64' | 'hex'): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString(encoding, used - bytes, used)
}
