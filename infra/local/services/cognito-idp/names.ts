import { createHash, randomInt } from 'node:crypto'

const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits derived from the resource's place in the templates, the same at every start. */
export function derivedName(parts: readonly string[], length: number): string {
  const digest = createHash('sha512').update(parts.join('/')).digest('hex')
  return BigInt(`0x${digest}`).toString(36).padStart(length, '0').slice(0, length)
}

/** Letters and digits for what a call makes. */
export const randomName = (length: number): string =>
  Array.from({ length }, () => LOWER_CASE[randomInt(LOWER_CASE.length)]).join('')
