import { z } from 'zod'

/** Identities and the mailbox, as schemas: a snapshot is read back through them. */
const identity = z.object({ name: z.string(), fromTemplate: z.boolean() })

const receivedMail = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.optional(z.string()),
  /** The six-digit code in the text, where there is one. */
  code: z.optional(z.string()),
  /** Milliseconds, local time. */
  sentAt: z.number(),
})

export const sesState = z.object({
  identities: z.map(z.string(), identity),
  /** Newest first. */
  mails: z.array(receivedMail),
  /** When each mail of the last 24 hours was sent, for the account's quota. */
  sentAt: z.array(z.number()),
})

export type ReceivedMail = Readonly<z.infer<typeof receivedMail>>
export type SesState = z.infer<typeof sesState>
