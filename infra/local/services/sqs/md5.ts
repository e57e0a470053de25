import { createHash } from 'node:crypto'
import type { MessageAttribute } from './state.ts'

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const TEXT = 1
const BYTES = 2

/** SQS's digest of attributes: each name, type and value with its length, in order of name. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return undefined
  const hash = createHash('md5')
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const [name, { DataType, StringValue = '', BinaryValue }] of entries) {
    add(Buffer.from(name))
    add(Buffer.from(DataType))
    hash.update(Buffer.from([BinaryValue === undefined ? TEXT : BYTES]))
    add(BinaryValue === undefined ? Buffer.from(StringValue) : Buffer.from(BinaryValue, 'base64'))
  }
  return hash.digest('hex')
}
