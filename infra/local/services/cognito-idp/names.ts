import { createHash } from 'node:crypto'

/** Letters and digits derived from the resource's place in the templates, the same at every start. */
export function derivedName(parts: readonly string[], length: number): string {
  const digest = createHash('sha256').update(parts.join('/')).digest()
  return BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .padStart(length, '0')
    .slice(0, length)
}
