import { createHash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** An id that stays the same from start to start, so that URLs and ARNs in a terminal stay useful. */
export function derivedId(length: number, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest()
  return Array.from(digest.subarray(0, length), byte => ALPHABET[byte % ALPHABET.length]).join('')
}
