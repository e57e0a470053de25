import { z } from 'zod'
import { integer, text } from '../../input/members.ts'

export const secretId = text({ min: 1, max: 2_048 })
export const token = z.optional(text({ min: 32, max: 64 }))
export const stage = text({ min: 1, max: 256 })
export const description = z.optional(text({ max: 2_048 }))
export const secretString = z.optional(text({ min: 1, max: 65_536 }))
/** Bytes are base64 text on the wire. */
export const secretBinary = z.optional(text({ min: 1, max: 87_384, pattern: '[A-Za-z0-9+/]+={0,2}' }))
export const tags = z.array(
  z.strictObject({ Key: text({ min: 1, max: 128 }), Value: z._default(text({ max: 256 }), '') }),
)
export const maxResults = z.optional(integer(1, 100))
export const nextToken = z.optional(text({ min: 1, max: 4_096 }))
