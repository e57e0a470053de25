import { z } from 'zod'

/** Secrets and their versions, as schemas: a snapshot is read back through them. Instants are milliseconds, local time. */
const version = z.object({
  id: z.string(),
  secretString: z.optional(z.string()),
  /** Base64. */
  secretBinary: z.optional(z.string()),
  createdAt: z.number(),
  /** Start of the day on which it was last read. */
  accessedOn: z.optional(z.number()),
  stages: z.array(z.string()),
})

const secret = z.object({
  name: z.string(),
  arn: z.string(),
  description: z.optional(z.string()),
  createdAt: z.number(),
  changedAt: z.number(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
  versions: z.array(version),
  deletion: z.optional(z.object({ askedAt: z.number(), dueAt: z.number() })),
  /** Set where a template made it: the value it gave, if any. */
  template: z.optional(z.object({ value: z.optional(z.string()) })),
})

export const secretsState = z.object({ secrets: z.map(z.string(), secret) })

export type SecretVersion = z.infer<typeof version>
export type Secret = z.infer<typeof secret>
export type SecretsState = z.infer<typeof secretsState>
