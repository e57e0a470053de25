import { createHash } from 'node:crypto'
import type { MessageAttribute } from './state.ts'

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** SQS's digest of string attributes: each name, type and value with its length, in order of name. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const hash = createHash('md5')
  const add = (text: string): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(text))
    hash.update(length).update(text)
  }
  for (const name of names) {
    const attribute = attributes[name]
    add(name)
    add(attribute?.DataType ?? '')
    hash.update(Buffer.from([1]))
    add(attribute?.StringValue ?? '')
  }
  return hash.digest('hex')
}
