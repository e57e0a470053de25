import { z } from 'zod'
import { integer, text } from '../../input/members.ts'

/** Members of Cognito's inputs with the limits of AWS's own service model. */
const PRINTABLE = String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`
const NO_SPACES = String.raw`[\S]+`

export const poolId = text({ min: 1, max: 55, pattern: String.raw`[\w-]+_[0-9a-zA-Z]+` })
export const clientId = text({ min: 1, max: 128, pattern: String.raw`[\w+]+` })
export const clientSecret = text({ min: 24, max: 64, pattern: String.raw`[\w+]+` })
export const secretHash = text({ min: 1, max: 128, pattern: String.raw`[\w+=/]+` })
export const username = text({ min: 1, max: 128, pattern: PRINTABLE })
export const password = text({ max: 256, pattern: String.raw`^[\S]+.*[\S]+$` })
export const code = text({ min: 1, max: 2_048, pattern: NO_SPACES })
export const session = text({ min: 20, max: 2_048 })
export const token = text({ pattern: '[A-Za-z0-9-_=.]+' })
export const groupName = text({ min: 1, max: 128, pattern: PRINTABLE })
export const attributeName = text({
  min: 1,
  max: 32,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+`,
})
export const attributes = z.array(
  z.strictObject({ Name: attributeName, Value: z.optional(text({ max: 2_048 })) }),
)
export const strings = z.record(z.string(), z.string())
/** For triggers, which the local pools do not have: taken and unused, as by a pool without triggers. */
export const clientMetadata = z.optional(strings)
export const limit = z.optional(integer(0, 60))
export const nextToken = z.optional(text({ min: 1, max: 131_072, pattern: NO_SPACES }))

/** Client id, secret hash and username: who speaks in the calls of people who are not signed in. */
export const spokenFor = { ClientId: clientId, SecretHash: z.optional(secretHash), Username: username }
